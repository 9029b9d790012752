using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using Outcome = AuthzGraph.Protocol.V1.Outcome;

namespace AuthzGraph.Server.Tests;

public sealed class StartTests
{
    [Fact]
    public async Task A_server_says_where_it_serves_what_it_holds_and_who_may_connect()
    {
        await using TestServer server = await TestServer.StartAsync();
        string text = string.Join("\n", server.Host.Announcement);
        Assert.Contains(server.Host.GrpcAddress.ToString().TrimEnd('/'), text);
        Assert.Contains(server.Host.HttpAddress.ToString().TrimEnd('/'), text);
        Assert.Contains("in memory", text);
        Assert.Contains("only this machine", text);
        Assert.Contains("Ctrl-C", text);
        Assert.True(server.Host.GrpcAddress.IsLoopback && server.Host.HttpAddress.IsLoopback);
    }

    [Fact]
    public async Task A_folder_fills_a_store_that_is_empty_and_leaves_another_alone()
    {
        using var folder = new TemporaryDirectory();
        folder.Write("schema.authz", TestServer.Schema);
        folder.Write("relationships.txt", "// who owns what\n\n  " + string.Join("\n", TestServer.Tuples));
        using var data = new TemporaryDirectory();
        var storage = new StorageLocation.Directory(data.Path);

        await using (TestServer first = await TestServer.StartAsync(storage: storage, load: folder.Path))
        {
            Assert.Contains(first.Host.Announcement, l => l.Contains($"{TestServer.Tuples.Length} relationships"));
            Assert.Equal(Outcome.Permitted, (await first.Client.CheckAsync(Words.Check("document:readme#view@user:bob"))).Decision.Outcome);
            await first.Client.WriteRelationshipsAsync(Words.Delete("document:readme#owner@user:ann"));
        }
        await using TestServer second = await TestServer.StartAsync(storage: storage, load: folder.Path);
        Assert.Contains(second.Host.Announcement, l => l.Contains("left alone"));
        Assert.Equal(Outcome.Denied, (await second.Client.CheckAsync(Words.Check("document:readme#view@user:ann"))).Decision.Outcome);
    }

    [Fact]
    public async Task A_schema_of_several_files_is_loaded_as_one_text()
    {
        using var folder = new TemporaryDirectory();
        folder.Write("schema.authz", "use import\nimport \"user.authz\"\ndefinition document { relation owner: user }\n");
        folder.Write("user.authz", "definition user {}\n");
        await using TestServer server = await TestServer.StartAsync(load: folder.Path);
        Assert.Equal("definition user {}\n\ndefinition document {\n    relation owner: user\n}\n", (await server.Client.ReadSchemaAsync(new())).Text);

        folder.Write("user.authz", "definition usr {}\n");
        RejectionException refusal = await Assert.ThrowsAsync<RejectionException>(() => TestServer.StartAsync(load: folder.Path));
        Assert.StartsWith("schema.authz:3:39: error AZ0201", refusal.Message);
    }

    [Fact]
    public async Task A_schema_that_arrives_as_text_imports_nothing()
    {
        await using TestServer server = await TestServer.StartAsync();
        ValidateSchemaResponse answer = await server.Client.ValidateSchemaAsync(new() { Text = "use import\nimport \"user.authz\"\ndefinition document { relation owner: user }\n" });
        Diagnostic said = Assert.Single(answer.Diagnostics);
        Assert.Equal(("AZ0605", 2u, 8u), (said.Code, said.Line, said.Column));
        Assert.Contains("schema compose", said.Help);
    }

    [Fact]
    public async Task A_large_folder_is_loaded_in_several_writes_that_keep_a_hop_whole()
    {
        using var folder = new TemporaryDirectory();
        folder.Write("schema.authz", TestServer.Schema);
        folder.Write("relationships.txt", string.Join("\n", TestServer.Tuples));
        await using TestServer server = await TestServer.StartAsync(Limits.Default with { UpdatesPerWrite = 7 }, load: folder.Path);
        Assert.Equal(3ul, (await server.Client.ReadSchemaAsync(new())).Snapshot.Revision);
        CheckRequest question = Words.Check("document:readme#view@agent:bot");
        question.Acting = new() { Delegation = Words.Object("grant:g1") };
        Assert.Equal(Outcome.Permitted, (await server.Client.CheckAsync(question)).Decision.Outcome);
    }

    [Theory]
    [InlineData("document:readme#owner@user:ann\nnonsense", "relationships.txt:2")]
    [InlineData("document:readme#flyer@user:ann", "flyer")]
    public async Task A_folder_with_a_mistake_is_refused_and_the_store_stays_empty(string tuples, string sentence)
    {
        using var folder = new TemporaryDirectory();
        folder.Write("schema.authz", TestServer.Schema);
        folder.Write("relationships.txt", tuples);
        using var data = new TemporaryDirectory();
        var storage = new StorageLocation.Directory(data.Path);
        RejectionException refusal = await Assert.ThrowsAsync<RejectionException>(() => TestServer.StartAsync(storage: storage, load: folder.Path));
        Assert.Contains(sentence, refusal.Message);
        await using TestServer server = await TestServer.StartAsync(storage: storage);
        Assert.Contains(server.Host.Announcement, l => l.Contains(", empty"));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_in_one_line()
    {
        await using TestServer first = await TestServer.StartAsync();
        using var data = new TemporaryDirectory();
        string port = first.Host.GrpcAddress.Port.ToString();
        (int code, string error) = await ServerProcess.RunAsync("--data", data.Path, "--port", port, "--http-port", "0");
        Assert.Equal(1, code);
        Assert.Contains(port, Assert.Single(error.Trim().Split('\n')));
    }

    [Fact]
    public async Task A_wrong_command_line_is_answered_with_the_usage()
    {
        foreach (string[] arguments in new string[][] { [], ["--data"], ["--data", "x", "--port", "high"], ["--colour", "red"] })
        {
            (int code, string error) = await ServerProcess.RunAsync(arguments);
            Assert.Equal(2, code);
            Assert.Contains("usage: AuthzGraph.Server (--data DIR | --memory)", error);
        }
    }
}
