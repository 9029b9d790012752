using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Server.Tests;

public sealed class DurabilityTests
{
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
}
