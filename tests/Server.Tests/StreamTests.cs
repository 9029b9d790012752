using AuthzGraph.Client;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Google.Protobuf.WellKnownTypes;
using ChangeKind = AuthzGraph.Protocol.V1.RelationshipChange.Types.Kind;
using Kind = AuthzGraph.Protocol.V1.WatchRelationshipsRequest.Types.Kind;
using Progress = AuthzGraph.Protocol.V1.DeleteRelationshipsResponse.Types.Progress;

namespace AuthzGraph.Server.Tests;

/// <summary>Import, export, delete by filter and watch through a real server.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private static readonly RelationshipFilter Documents = new() { ResourceType = "document" };

    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartFilledAsync(Limits.Default with { TuplesPerMessage = 3, TuplesPerJsonRead = 4 });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_watch_tells_what_is_written_with_what_its_writer_said()
    {
        string after = await TokenAsync();
        WriteRelationshipsRequest write = Words.Touch("document:plan#owner@user:eve");
        write.Metadata = Struct.Parser.ParseJson("""{"ticket":"T-1"}""");
        WriteRelationshipsResponse written = await _server.Client.WriteRelationshipsAsync(write);
        await _server.Client.WriteSchemaAsync(new() { Text = TestServer.Schema + "\ndefinition folder {}" });
        await _server.Client.WriteRelationshipsAsync(Words.Delete("document:plan#owner@user:eve"));

        List<WatchRelationshipsResponse> told = await WatchAsync(new() { After = after }, 3);
        Assert.Equal((written.Token, written.Revision, written.CommittedAt), (told[0].Token, told[0].Revision, told[0].Instant));
        Assert.Equal("""{ "ticket": "T-1" }""", told[0].Metadata.ToString());
        Assert.Equal((ChangeKind.Created, "document:plan#owner@user:eve"), Change(told[0]));
        Assert.NotEmpty(told[1].Schema.SchemaDigest);
        Assert.Equal((ChangeKind.Deleted, "document:plan#owner@user:eve"), Change(told[2]));
    }

    [Fact]
    public async Task A_watch_that_waits_hears_of_a_write_and_of_a_checkpoint_where_nothing_matched()
    {
        WatchRelationshipsRequest request = new()
        {
            Filters = { new RelationshipFilter { ResourceType = "group" } },
            Kinds = { Kind.Relationships, Kind.Checkpoints },
            CheckpointEvery = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(50)),
        };
        await using IAsyncEnumerator<WatchRelationshipsResponse> watch = _server.Client.WatchRelationshipsAsync(request).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        Assert.NotNull(watch.Current.Checkpoint);
        string unmatched = (await _server.Client.WriteRelationshipsAsync(Words.Touch("document:plan#owner@user:eve"))).Token;
        while (watch.Current.Token != unmatched) Assert.True(await watch.MoveNextAsync());
        Assert.NotNull(watch.Current.Checkpoint);
        string matched = (await _server.Client.WriteRelationshipsAsync(Words.Touch("group:eng#member@user:eve"))).Token;
        while (watch.Current.Token != matched) Assert.True(await watch.MoveNextAsync());
        Assert.Equal((ChangeKind.Created, "group:eng#member@user:eve"), Change(watch.Current));
    }

    [Fact]
    public async Task A_watch_is_refused_for_a_reason_and_over_json()
    {
        await Words.Fails(RpcCode.InvalidArgument, "INVALID_TOKEN", WatchAsync(new() { After = "nonsense" }, 1));
        await Words.Fails(RpcCode.FailedPrecondition, "UNKNOWN_TYPE", WatchAsync(new() { Filters = { new RelationshipFilter { ResourceType = "nothing" } } }, 1));
        (int status, string body) = await _server.PostAsync("/authzgraph.v1.Relationships/Watch", "{}");
        Assert.Equal(501, status);
        Assert.Contains("gRPC", body);
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_watches()
    {
        await using IAsyncEnumerator<WatchRelationshipsResponse> watch = _server.Client.WatchRelationshipsAsync(new() { Kinds = { Kind.Checkpoints } }).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        Task stopping = _server.Host.DisposeAsync().AsTask();
        AuthzGraphException end = await Words.Fails(DrainAsync());
        Assert.Equal(RpcCode.Unavailable, end.Code);
        await stopping.WaitAsync(TimeSpan.FromSeconds(8));

        async Task DrainAsync()
        {
            while (await watch.MoveNextAsync()) { }
        }
    }

    [Fact]
    public async Task An_import_is_answered_with_a_receipt_for_each_chunk_and_an_export_brings_all_of_it_back()
    {
        string[] tuples = [.. Enumerable.Range(0, 25).Select(i => $"document:i{i}#owner@user:eve")];
        List<ImportRelationshipsResponse> receipts = await ImportAsync(new() { ChunkSize = 10 }, tuples);
        Assert.Equal([10ul, 20ul, 25ul], receipts.Select(r => r.Imported));
        List<ExportRelationshipsResponse> pages = await ExportAsync(new() { Filter = Documents, Consistency = new() { AtExactSnapshot = receipts[^1].Token } });
        Assert.Equal([.. Enumerable.Repeat(3, 9)], pages.Select(p => p.Relationships.Count));
        Assert.Equal(tuples, pages.SelectMany(p => p.Relationships).Select(Words.Text).Where(t => t.StartsWith("document:i", StringComparison.Ordinal)));
        List<ExportRelationshipsResponse> rest = await ExportAsync(new() { Filter = Documents, Cursor = pages[3].Cursor });
        Assert.Equal(pages.Skip(4).SelectMany(p => p.Relationships), rest.SelectMany(p => p.Relationships));
        await Words.Fails(RpcCode.InvalidArgument, "CURSOR_OF_ANOTHER_FILTER", ExportAsync(new() { Cursor = pages[3].Cursor }));
    }

    // The client hears of the first chunk while it holds back the second: neither end waits for the other's last message.
    [Fact]
    public async Task Receipts_come_while_the_stream_goes_on()
    {
        var second = new TaskCompletionSource();
        await using IAsyncEnumerator<ImportRelationshipsResponse> receipts = _server.Client.ImportRelationshipsAsync(Requests()).GetAsyncEnumerator();
        Task<bool> first = receipts.MoveNextAsync().AsTask();
        Assert.True(await first.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(1ul, receipts.Current.Imported);
        second.SetResult();
        Assert.True(await receipts.MoveNextAsync());
        Assert.Equal(2ul, receipts.Current.Imported);
        Assert.True(await receipts.MoveNextAsync());
        Assert.Equal(3ul, receipts.Current.Imported);
        Assert.False(await receipts.MoveNextAsync());

        async IAsyncEnumerable<ImportRelationshipsRequest> Requests()
        {
            yield return new ImportRelationshipsRequest
            {
                Options = new() { ChunkSize = 1 },
                Relationships = { Words.Relationship("document:aaa#owner@user:eve"), Words.Relationship("document:bbb#owner@user:eve") },
            };
            await second.Task;
            yield return new ImportRelationshipsRequest { Relationships = { Words.Relationship("document:ccc#owner@user:eve") } };
        }
    }

    [Fact]
    public async Task A_refused_import_says_why_and_keeps_what_was_committed()
    {
        string[] tuples = [.. Enumerable.Range(0, 9).Select(i => $"document:i{i}#owner@user:eve"), "document:i9#nothing@user:eve"];
        await Words.Fails(RpcCode.FailedPrecondition, "UNKNOWN_RELATION", ImportAsync(new() { ChunkSize = 5 }, tuples));
        Assert.Equal(5, (await _server.Client.ReadAll(new() { Filter = new() { ResourceType = "document", ResourceIdPrefix = "i" } })).Count);
        await Words.Fails(RpcCode.FailedPrecondition, "UNKNOWN_RELATION", ImportAsync(new() { Mode = ImportOptions.Types.Mode.Atomic }, [.. tuples.Select(t => t.Replace(":i", ":k"))]));
        Assert.Empty(await _server.Client.ReadAll(new() { Filter = new() { ResourceType = "document", ResourceIdPrefix = "k" } }));
        await Words.Fails(RpcCode.InvalidArgument, "CHUNK_TOO_LARGE", ImportAsync(new() { ChunkSize = 1_000_000 }, tuples));
    }

    [Fact]
    public async Task A_delete_by_filter_says_how_many_and_whether_there_are_more_over_json_too()
    {
        await _server.Client.WriteRelationshipsAsync(Words.Touch([.. Enumerable.Range(0, 5).Select(i => $"document:i{i}#owner@user:eve")]));
        DeleteRelationshipsRequest request = new() { Filter = new() { ResourceType = "document", ResourceIdPrefix = "i" }, Limit = 2 };
        await Words.Fails(RpcCode.InvalidArgument, "TOO_MANY_TO_DELETE", _server.Client.DeleteRelationshipsAsync(request));
        request.AllowPartial = true;
        DeleteRelationshipsResponse part = await _server.Client.DeleteRelationshipsAsync(request);
        Assert.Equal((2ul, Progress.Partial), (part.Deleted, part.Progress));
        (int status, string body) = await _server.PostAsync("/authzgraph.v1.Relationships/Delete", """{"filter":{"resourceType":"document","resourceIdPrefix":"i"}}""");
        Assert.Equal(200, status);
        DeleteRelationshipsResponse rest = DeleteRelationshipsResponse.Parser.ParseJson(body);
        Assert.Equal((3ul, Progress.Complete), (rest.Deleted, rest.Progress));
    }

    [Fact]
    public async Task An_export_over_json_is_one_page_and_a_cursor()
    {
        await _server.Client.WriteRelationshipsAsync(Words.Touch([.. Enumerable.Range(0, 5).Select(i => $"document:i{i}#owner@user:eve")]));
        HashSet<string> exported = [];
        string cursor = "";
        for (bool last = false; !last;)
        {
            (int status, string body) = await _server.PostAsync("/authzgraph.v1.Relationships/Export", $$"""{"cursor":"{{cursor}}"}""");
            Assert.Equal(200, status);
            ExportRelationshipsResponse page = ExportRelationshipsResponse.Parser.ParseJson(body);
            Assert.InRange(page.Relationships.Count, 1, 4);
            foreach (Relationship relationship in page.Relationships) Assert.True(exported.Add(Words.Text(relationship)));
            (cursor, last) = (page.Cursor, page.Last);
        }
        Assert.Equal(TestServer.Tuples.Length + 5, exported.Count);
    }

    private async Task<string> TokenAsync() =>
        (await _server.Client.ReadSchemaAsync(new())).Snapshot.Token;

    private async Task<List<WatchRelationshipsResponse>> WatchAsync(WatchRelationshipsRequest request, int count)
    {
        List<WatchRelationshipsResponse> told = [];
        await foreach (WatchRelationshipsResponse message in _server.Client.WatchRelationshipsAsync(request))
        {
            told.Add(message);
            if (told.Count == count) break;
        }
        return told;
    }

    private async Task<List<ImportRelationshipsResponse>> ImportAsync(ImportOptions options, string[] tuples) =>
        await _server.Client.ImportRelationshipsAsync(Imports.Requests(options, tuples)).ToListAsync();

    private async Task<List<ExportRelationshipsResponse>> ExportAsync(ExportRelationshipsRequest request) =>
        await _server.Client.ExportRelationshipsAsync(request).ToListAsync();

    private static (ChangeKind, string) Change(WatchRelationshipsResponse told)
    {
        RelationshipChange change = Assert.Single(told.Changes.Changes);
        return (change.Kind, Words.Text(change.Relationship));
    }
}
