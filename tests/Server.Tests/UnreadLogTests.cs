using System.Globalization;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace AuthzGraph.Server.Tests;

/// <summary>Whoever should read the server's log may have stopped doing so.</summary>
public sealed partial class UnreadLogTests(ITestOutputHelper output)
{
    private const int Calls = 1_500;

    [Fact]
    public async Task A_server_whose_log_nobody_reads_answers_and_says_later_how_many_lines_it_dropped()
    {
        using ServerProcess server = await ServerProcess.StartUnreadAsync("--memory", "--log-level", "debug");
        await server.Client.WriteSchemaAsync(new() { Text = TestServer.Schema });
        await AskAsync(server, Calls);
        Task<string> log = server.ReadLogAsync();
        await AskAsync(server, 20);
        await server.TerminateAsync();
        string text = await log;
        int dropped = Dropped().Matches(text).Sum(said => int.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture));
        output.WriteLine($"{dropped} lines dropped, {text.Count(c => c == '\n')} read");
        Assert.True(dropped > 1_000, text[..Math.Min(text.Length, 2_000)]);
    }

    private static async Task AskAsync(ServerProcess server, int times)
    {
        for (int i = 0; i < times; i++) await server.Client.CheckAsync(Words.Check("document:readme#view@user:ann")).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [GeneratedRegex(@"(\d+) message\(s\) dropped")]
    private static partial Regex Dropped();
}
