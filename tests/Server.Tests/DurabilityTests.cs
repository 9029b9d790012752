using System.Collections.Concurrent;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Xunit.Abstractions;

namespace AuthzGraph.Server.Tests;

public sealed class DurabilityTests(ITestOutputHelper output)
{
    private const int Rounds = 4;
    private const int Writers = 4;

    [Fact]
    public async Task What_was_acknowledged_survives_kill_9_and_no_write_is_there_by_half()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var data = new TemporaryDirectory();
        var acknowledged = new ConcurrentDictionary<string, bool>();
        string token = "";
        for (int round = 0; round < Rounds; round++)
        {
            using ServerProcess server = await ServerProcess.StartAsync("--data", data.Path);
            if (round == 0) token = (await server.Client.WriteSchemaAsync(new() { Text = TestServer.Schema })).Token;
            await AssertAllThere(server.Client, acknowledged.Keys, token);

            int number = round;
            Task[] writers = [.. Enumerable.Range(0, Writers).Select(w => WriteUntilKilled(server.Client, $"r{number}w{w}", acknowledged))];
            await Task.Delay(random.Next(100, 900));
            server.Kill();
            await Task.WhenAll(writers);
            output.WriteLine($"round {round}: {acknowledged.Count} acknowledged so far");
        }
        Assert.NotEmpty(acknowledged);
        using ServerProcess last = await ServerProcess.StartAsync("--data", data.Path);
        await AssertAllThere(last.Client, acknowledged.Keys, token);
    }

    [Fact]
    public async Task A_restart_keeps_the_schema_the_tuples_and_the_tokens()
    {
        using var data = new TemporaryDirectory();
        string before, after;
        using (ServerProcess first = await ServerProcess.StartAsync("--data", data.Path))
        {
            before = (await first.Client.WriteSchemaAsync(new() { Text = TestServer.Schema })).Token;
            after = (await first.Client.WriteRelationshipsAsync(Words.Touch(TestServer.Tuples))).Token;
            Assert.Equal(0, await first.TerminateAsync());
        }
        using ServerProcess second = await ServerProcess.StartAsync("--data", data.Path);
        Assert.Contains(second.Lines, l => l.Contains("revision 2 recovered"));
        CheckRequest question = Words.Check("document:readme#view@user:bob");
        question.Consistency = new() { AtLeastAsFresh = after };
        Assert.Equal(Outcome.Permitted, (await second.Client.CheckAsync(question)).Decision.Outcome);
        question.Consistency = new() { AtExactSnapshot = before };
        Assert.Equal(Outcome.Denied, (await second.Client.CheckAsync(question)).Decision.Outcome);
    }

    [Fact]
    public async Task A_directory_serves_one_server_at_a_time()
    {
        using var data = new TemporaryDirectory();
        using ServerProcess first = await ServerProcess.StartAsync("--data", data.Path);
        (int code, string error) = await ServerProcess.RunAsync("--data", data.Path, "--port", "0", "--http-port", "0");
        Assert.Equal(1, code);
        Assert.Single(error.Trim().Split('\n'));
    }

    private static async Task WriteUntilKilled(AuthzGraphClient client, string name, ConcurrentDictionary<string, bool> acknowledged)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                await client.WriteRelationshipsAsync(Words.Create($"document:{name}n{i}#owner@user:ann", $"document:{name}n{i}#viewer@user:bob"));
                acknowledged[$"{name}n{i}"] = true;
            }
            catch (AuthzGraphException e) when (e.Code == RpcCode.Unavailable)
            {
                return;
            }
        }
    }

    private static async Task AssertAllThere(AuthzGraphClient client, IEnumerable<string> acknowledged, string token)
    {
        var request = new ReadRelationshipsRequest { Filter = new() { ResourceType = "document" }, Consistency = new() { AtLeastAsFresh = token } };
        HashSet<string> stored = [.. (await client.ReadAll(request)).Select(t => t.Split('[')[0])];
        string[] owned = [.. stored.Where(t => t.Contains("#owner@")).Select(NameOf).Order()];
        Assert.Equal(owned, stored.Where(t => t.Contains("#viewer@")).Select(NameOf).Order());
        Assert.Empty(acknowledged.Except(owned));
    }

    private static string NameOf(string tuple) => tuple["document:".Length..tuple.IndexOf('#')];
}
