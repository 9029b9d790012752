using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace AuthzGraph.Cli.Tests;

/// <summary>
/// The walk-throughs of the README and of docs, run as they stand: every line after <c>$ </c> is given to a shell, and what it prints is what
/// the page says it prints (<c>…</c> stands for anything). Only the way to the program and the ports are put in its place.
/// </summary>
public sealed class ReadmeTests
{
    private static readonly string Root = Repository.Root;
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "authzgraph");

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/delegations.md")]
    public async Task The_walk_through_prints_what_it_says_and_a_killed_server_forgets_nothing(string page)
    {
        string data = Path.Combine(Path.GetTempPath(), "authzgraph-readme-" + Guid.NewGuid().ToString("N"));
        (int grpc, int http) = (FreePort(), FreePort());
        string Here(string text) => text
            .Replace("dotnet run --project src/Cli --", Program, StringComparison.Ordinal)
            .Replace("./data", data, StringComparison.Ordinal).Replace("…/data", data, StringComparison.Ordinal)
            .Replace("50051", $"{grpc}", StringComparison.Ordinal).Replace("8080", $"{http}", StringComparison.Ordinal);
        Step[] steps = [.. Steps(Here(File.ReadAllText(Path.Combine(Root, page)))).Where(s => !s.Command.StartsWith("dotnet test", StringComparison.Ordinal))];
        Step serve = steps[0] with { Command = $"{steps[0].Command} --port {grpc} --http-port {http}" };
        try
        {
            await While(serve, http, async () =>
            {
                foreach (Step step in steps[1..])
                    AssertPrints(step.Expected, await Run(step.Command, grpc), step.Command);
            });
            await While(serve with { Expected = [] }, http, async () =>
                AssertPrints(steps[^1].Expected, await Run(steps[^1].Command, grpc), "the last command, after a restart"));
        }
        finally
        {
            if (Directory.Exists(data)) Directory.Delete(data, recursive: true);
        }
    }

    private sealed record Step(string Command, string[] Expected);

    private static IEnumerable<Step> Steps(string readme)
    {
        foreach (Match block in Regex.Matches(readme, "```console\n(.*?)```", RegexOptions.Singleline))
            foreach (string part in Regex.Split(block.Groups[1].Value, "^\\$ ", RegexOptions.Multiline).Skip(1))
            {
                string[] lines = part.TrimEnd('\n').Split('\n');
                int end = 1;
                while (string.Join('\n', lines[..end]).Count(c => c == '\'') % 2 != 0) end++;     // a quoted body goes over lines
                string command = string.Join('\n', lines[..end]);
                if (!command.StartsWith("alias ", StringComparison.Ordinal)) yield return new Step(command, lines[end..]);
            }
    }

    /// <summary>Does something while a server runs, then kills it with SIGKILL, whatever happened.</summary>
    private static async Task While(Step serve, int http, Func<Task> work)
    {
        using Process server = Start($"exec {serve.Command}", http);
        try
        {
            await UntilReady(server, serve, http);
            await work();
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
        }
    }

    private static async Task UntilReady(Process server, Step step, int http)
    {
        using var client = new HttpClient();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                if ((await client.GetAsync($"http://127.0.0.1:{http}/readyz")).IsSuccessStatusCode) break;
            }
            catch (HttpRequestException) when (attempt < 300) { }
            await Task.Delay(100);
        }
        foreach (string expected in step.Expected) AssertMatches(expected, await server.StandardOutput.ReadLineAsync() ?? "", step.Command);
    }

    private static async Task<string[]> Run(string command, int grpc)
    {
        using Process process = Start(command.StartsWith("authzgraph ", StringComparison.Ordinal) ? Program + command["authzgraph".Length..] : command, grpc);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (output + await errors).TrimEnd('\n').Split('\n');
    }

    private static Process Start(string command, int grpc)
    {
        ProcessStartInfo start = Switches.Without(new ProcessStartInfo("bash", ["-c", command]) { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true });
        start.Environment["AUTHZGRAPH_SERVER"] = $"http://localhost:{grpc}";
        return Process.Start(start) ?? throw new InvalidOperationException("bash did not start");
    }

    private static void AssertPrints(string[] expected, string[] printed, string command)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i] == "…") return;
            Assert.True(i < printed.Length, $"`{command}` printed only\n{string.Join('\n', printed)}");
            AssertMatches(expected[i], printed[i], command);
        }
    }

    private static void AssertMatches(string expected, string printed, string command)
    {
        string pattern = "^" + Regex.Escape(expected.TrimEnd()).Replace("…", ".*", StringComparison.Ordinal) + "$";
        Assert.True(Regex.IsMatch(printed.TrimEnd(), pattern), $"`{command}` printed\n{printed}\nand the page says\n{expected}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
