using AuthzGraph.Client;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Stores;
using Consistency = AuthzGraph.Protocol.V1.Consistency;
using Outcome = AuthzGraph.Protocol.V1.Outcome;

namespace AuthzGraph.Server.Tests.Stores;

/// <summary>Several graphs in one server that know nothing of each other.</summary>
public sealed class StoreTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task What_is_written_to_one_store_is_in_no_other()
    {
        await using StoreServer server = await StoreServer.StartAsync(_data.Path);
        await server.Default.CreateStoreAsync(new() { Name = "acme" });
        await server.Of("acme").WriteSchemaAsync(new() { Text = TestServer.Schema });
        await server.Of("acme").WriteRelationshipsAsync(Words.Touch("document:readme#owner@user:ann"));

        Assert.Equal("NO_SCHEMA", (await Words.Fails(server.Default.ReadSchemaAsync(new()))).Reason);
        await server.Default.WriteSchemaAsync(new() { Text = TestServer.Schema });
        Assert.Equal(Outcome.Denied, (await server.Default.CheckAsync(Words.Check("document:readme#view@user:ann"))).Decision.Outcome);
        Assert.Equal(Outcome.Permitted, (await server.Of("acme").CheckAsync(Words.Check("document:readme#view@user:ann"))).Decision.Outcome);
    }

    [Fact]
    public async Task A_store_is_there_again_after_a_restart_and_opened_when_first_asked()
    {
        await using (StoreServer first = await StoreServer.StartAsync(_data.Path))
        {
            await first.Default.CreateStoreAsync(new() { Name = "acme" });
            await first.Of("acme").WriteSchemaAsync(new() { Text = TestServer.Schema });
        }
        await using StoreServer second = await StoreServer.StartAsync(_data.Path);
        Assert.Contains(second.Host.Announcement, line => line == "  stores acme");
        Assert.Equal(["acme False", "default True"], await ListAsync(second));
        Assert.Equal(TestServer.Schema, (await second.Of("acme").ReadSchemaAsync(new())).Text);
        Assert.Equal(["acme True", "default True"], await ListAsync(second));

        await second.DisposeAsync();
        await using StoreServer third = await StoreServer.StartAsync(_data.Path, stores: new StoreOptions { Opening = StoreOpening.AtStart });
        Assert.Equal(["acme True", "default True"], await ListAsync(third));
    }

    [Fact]
    public async Task Many_callers_who_ask_for_a_closed_store_at_once_open_it_once()
    {
        await using (StoreServer first = await StoreServer.StartAsync(_data.Path))
        {
            await first.Default.CreateStoreAsync(new() { Name = "acme" });
            await first.Of("acme").WriteSchemaAsync(new() { Text = TestServer.Schema });
        }
        await using StoreServer second = await StoreServer.StartAsync(_data.Path);
        AuthzGraphClient client = second.Of("acme");
        ReadSchemaResponse[] read = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.ReadSchemaAsync(new())));
        Assert.All(read, answer => Assert.Equal(TestServer.Schema, answer.Text));
    }

    [Fact]
    public async Task A_deleted_store_is_gone_with_its_folder_and_its_name_means_another_store_from_then_on()
    {
        await using StoreServer server = await StoreServer.StartAsync(_data.Path);
        await server.Default.CreateStoreAsync(new() { Name = "acme" });
        await server.Of("acme").WriteSchemaAsync(new() { Text = TestServer.Schema });
        string token = (await server.Of("acme").WriteRelationshipsAsync(Words.Touch("document:readme#owner@user:ann"))).Token;
        await server.Default.DeleteStoreAsync(new() { Name = "acme" });
        Assert.Equal((RpcCode.NotFound, "STORE_UNKNOWN"), await RefusalAsync(server.Of("acme").ReadSchemaAsync(new())));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_data.Path, "stores")));

        await server.Default.CreateStoreAsync(new() { Name = "acme" });
        Assert.Equal("NO_SCHEMA", (await Words.Fails(server.Of("acme").ReadSchemaAsync(new()))).Reason);
        ReadSchemaRequest stale = new() { Consistency = new() { AtLeastAsFresh = token } };
        Assert.Equal("TOKEN_OF_ANOTHER_STORE", (await Words.Fails(server.Of("acme").ReadSchemaAsync(stale))).Reason);
    }

    [Fact]
    public async Task Tokens_and_cursors_of_one_store_are_refused_by_another()
    {
        await using StoreServer server = await StoreServer.StartAsync(_data.Path);
        await server.Default.CreateStoreAsync(new() { Name = "acme" });
        foreach (AuthzGraphClient client in (AuthzGraphClient[])[server.Default, server.Of("acme")])
        {
            await client.WriteSchemaAsync(new() { Text = TestServer.Schema });
            await client.WriteRelationshipsAsync(Words.Touch(TestServer.Tuples));
        }
        AuthzGraphClient acme = server.Of("acme");
        string token = (await acme.ReadSchemaAsync(new())).Snapshot.Token;
        CheckRequest check = Words.Check("document:readme#view@user:ann");
        foreach (Consistency consistency in (Consistency[])[new() { AtLeastAsFresh = token }, new() { AtExactSnapshot = token }])
        {
            check.Consistency = consistency;
            Assert.Equal(Outcome.Permitted, (await acme.CheckAsync(check)).Decision.Outcome);
            Assert.Equal("TOKEN_OF_ANOTHER_STORE", (await Words.Fails(server.Default.CheckAsync(check))).Reason);
        }
        Assert.Equal("TOKEN_OF_ANOTHER_STORE", (await Words.Fails(FirstAsync(server.Default.WatchRelationshipsAsync(new() { After = token })))).Reason);

        LookupResourcesRequest lookup = new() { ResourceType = "document", Permission = "view", Subject = Words.Subject("user:ann") };
        lookup.Cursor = (await FirstAsync(acme.LookupResourcesAsync(lookup))).Cursor;
        Assert.NotEqual("", lookup.Cursor);
        await acme.LookupResourcesAsync(lookup).ToListAsync();
        Assert.StartsWith("CURSOR_", (await Words.Fails(FirstAsync(server.Default.LookupResourcesAsync(lookup)))).Reason);
        string cursor = (await FirstAsync(acme.ExportRelationshipsAsync(new()))).Cursor;
        Assert.StartsWith("CURSOR_", (await Words.Fails(FirstAsync(server.Default.ExportRelationshipsAsync(new() { Cursor = cursor })))).Reason);
    }

    [Theory]
    [InlineData("", "INVALID_REFERENCE")]
    [InlineData("../x", "INVALID_REFERENCE")]
    [InlineData("Acme", "INVALID_REFERENCE")]
    [InlineData(".deleted-1", "INVALID_REFERENCE")]
    [InlineData("a/b", "INVALID_REFERENCE")]
    [InlineData("-a", "INVALID_REFERENCE")]
    [InlineData("default", "STORE_EXISTS")]
    [InlineData("one", "STORE_EXISTS")]
    [InlineData("three", "TOO_MANY_STORES")]
    public async Task A_store_that_cannot_be_made_is_refused_with_the_reason(string name, string reason)
    {
        await using StoreServer server = await StoreServer.StartAsync(null, Limits.Default with { Stores = 2 });
        await server.Default.CreateStoreAsync(new() { Name = "one" });
        Assert.Equal(reason, (await Words.Fails(server.Default.CreateStoreAsync(new() { Name = name }))).Reason);
    }

    [Fact]
    public async Task The_default_store_and_one_that_is_not_there_are_not_deleted()
    {
        await using StoreServer server = await StoreServer.StartAsync(null);
        Assert.Equal((RpcCode.FailedPrecondition, "STORE_IS_DEFAULT"), await RefusalAsync(server.Default.DeleteStoreAsync(new() { Name = "default" })));
        Assert.Equal((RpcCode.NotFound, "STORE_UNKNOWN"), await RefusalAsync(server.Default.DeleteStoreAsync(new() { Name = "acme" })));
    }

    [Fact]
    public async Task A_watch_ends_when_its_store_is_deleted_and_others_go_on()
    {
        await using StoreServer server = await StoreServer.StartAsync(_data.Path);
        await server.Default.CreateStoreAsync(new() { Name = "acme" });
        await server.Of("acme").WriteSchemaAsync(new() { Text = TestServer.Schema });
        await server.Default.WriteSchemaAsync(new() { Text = TestServer.Schema });
        Task<AuthzGraphException> ended = Words.Fails(server.Of("acme").WatchRelationshipsAsync(new()).ToListAsync().AsTask());
        Task<WatchRelationshipsResponse> told = FirstAsync(server.Default.WatchRelationshipsAsync(new()));
        await Task.Delay(200);
        await server.Default.DeleteStoreAsync(new() { Name = "acme" });
        // the client asks once more where a stream has not begun, and then there is no such store
        Assert.Contains((await ended.WaitAsync(TimeSpan.FromSeconds(20))).Code, (RpcCode[])[RpcCode.Unavailable, RpcCode.NotFound]);
        await server.Default.WriteRelationshipsAsync(Words.Touch("document:readme#owner@user:ann"));
        await told.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task AuthZEN_chooses_a_store_by_header_too()
    {
        await using StoreServer server = await StoreServer.StartAsync(null);
        await server.Default.CreateStoreAsync(new() { Name = "acme" });
        await server.Of("acme").WriteSchemaAsync(new() { Text = TestServer.Schema });
        await server.Of("acme").WriteRelationshipsAsync(Words.Touch("document:readme#owner@user:ann"));
        const string question = """{"subject":{"type":"user","id":"ann"},"action":{"name":"view"},"resource":{"type":"document","id":"readme"}}""";
        Assert.Equal((200, "{\"decision\":true}"), await server.PostAsync("/access/v1/evaluation", question, "acme"));
        Assert.DoesNotContain("true", (await server.PostAsync("/access/v1/evaluation", question, "default")).Body);
        Assert.Equal(404, (await server.PostAsync("/access/v1/evaluation", question, "other")).Status);
    }

    [Fact]
    public async Task What_a_broken_off_deletion_left_behind_goes_at_the_next_start()
    {
        string left = Path.Combine(_data.Path, "stores", ".deleted-1");
        Directory.CreateDirectory(left);
        File.WriteAllText(Path.Combine(left, "log.0"), "");
        await using StoreServer server = await StoreServer.StartAsync(_data.Path);
        Assert.False(Directory.Exists(left));
        Assert.Equal(["default True"], await ListAsync(server));
    }

    private static async Task<T> FirstAsync<T>(IAsyncEnumerable<T> stream)
    {
        await foreach (T message in stream) return message;
        throw new InvalidOperationException("the stream was empty");
    }

    private static async Task<string[]> ListAsync(StoreServer server) =>
        [.. (await server.Default.ListStoresAsync(new())).Stores.Select(store => $"{store.Name} {store.Open}")];

    private static async Task<(RpcCode, string)> RefusalAsync(Task call)
    {
        AuthzGraphException refusal = await Words.Fails(call);
        return (refusal.Code, refusal.Reason);
    }
}
