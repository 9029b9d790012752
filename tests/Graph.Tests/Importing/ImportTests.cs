using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Importing;

public sealed class ImportTests
{
    private const string Schema = """
        use delegation
        use expiration
        definition user { principal human }
        definition agent {
            principal agent
            relation sponsor: user
        }
        definition grant {
            delegation
            relation delegator: user
            relation delegate: agent with expiration
            relation view: document
        }
        definition document {
            relation viewer: user | user with expiration
            permission view = viewer
            delegable view
        }
        """;

    private static readonly string[] Twenty = [.. Enumerable.Range(0, 20).Select(i => $"document:d{i}#viewer@user:ann")];

    [Fact]
    public async Task Chunks_are_revisions_of_their_own_and_receipts_tell_how_far_it_came()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        List<ImportReceipt> receipts = await graph.ImportAsync(new ImportRequest { ChunkSize = 8 }, Twenty);
        Assert.Equal([(8, 2ul), (16, 3ul), (20, 4ul)], receipts.Select(r => (r.Tuples, r.Written.Revision.Value)));
        Assert.Equal(Twenty, Read(graph.Graph));
    }

    [Fact]
    public async Task An_atomic_import_is_one_revision_or_nothing()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        var atomic = new ImportRequest { Mode = ImportMode.Atomic, Kind = UpdateKind.Create };
        var refused = await Assert.ThrowsAsync<RejectionException>(() => graph.ImportAsync(atomic, [.. Twenty, "document:d99#nothing@user:ann"]));
        Assert.Equal("UNKNOWN_RELATION", refused.Reason);
        Assert.Empty(Read(graph.Graph));
        ImportReceipt receipt = Assert.Single(await graph.ImportAsync(atomic, Twenty));
        Assert.Equal((20, 2ul), (receipt.Tuples, receipt.Written.Revision.Value));
        Assert.Equal("TUPLE_EXISTS", (await Assert.ThrowsAsync<RejectionException>(() => graph.ImportAsync(atomic, Twenty))).Reason);
    }

    [Fact]
    public async Task An_atomic_import_over_its_limit_is_refused()
    {
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions
        {
            Storage = new StorageLocation.Memory(), Limits = Limits.Default with { TuplesPerAtomicImport = 19 },
        });
        await graph.WriteSchemaAsync(Schema);
        var refused = await Assert.ThrowsAsync<RejectionException>(() => graph.ImportAsync(new ImportRequest { Mode = ImportMode.Atomic }, Twenty));
        Assert.Equal("IMPORT_TOO_LARGE", refused.Reason);
        Assert.Equal(3, (await graph.ImportAsync(new ImportRequest { ChunkSize = 9 }, Twenty)).Count);
    }

    [Fact]
    public async Task A_refused_chunk_ends_the_import_and_what_came_before_stays()
    {
        await using Scenario graph = await Scenario.Of(Schema, "document:d10#viewer@user:ann");
        List<ImportReceipt> receipts = [];
        var create = new ImportRequest { ChunkSize = 4, Kind = UpdateKind.Create };
        var refused = await Assert.ThrowsAsync<RejectionException>(() => graph.Graph.ImportAsync(create, Twenty, receipts));
        Assert.Equal("TUPLE_EXISTS", refused.Reason);
        Assert.Equal([4, 8], receipts.Select(r => r.Tuples));
        Assert.Equal([.. Twenty[..8], Twenty[10]], Read(graph.Graph));
    }

    [Fact]
    public async Task A_tuple_twice_is_touched_twice_and_created_not_at_all()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        string[] twice = ["document:aaa#viewer@user:ann", "document:aaa#viewer@user:ann[from:2020-01-01T00:00:00Z][expiration:2999-01-01T00:00:00Z]"];
        Assert.Equal("TUPLE_EXISTS", (await Assert.ThrowsAsync<RejectionException>(() => graph.ImportAsync(new ImportRequest { Kind = UpdateKind.Create }, twice))).Reason);
        await graph.ImportAsync(new ImportRequest(), twice);
        Assert.Equal([twice[1]], Read(graph.Graph));
    }

    [Fact]
    public async Task The_lines_of_a_hop_stay_together()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        string[] hops = [.. Enumerable.Range(0, 5).SelectMany(i => new[]
        {
            $"grant:g{i}#delegator@user:ann", $"grant:g{i}#delegate@agent:bot[expiration:2999-01-01T00:00:00Z]", $"grant:g{i}#view@document:d{i}",
        })];
        Assert.Equal("AUTHORITY_REQUIRED", (await Assert.ThrowsAsync<RejectionException>(() => graph.ImportAsync(new ImportRequest(), hops))).Reason);
        List<ImportReceipt> receipts = await graph.ImportAsync(new ImportRequest { ChunkSize = 4, Right = WriteRight.Authority }, hops);
        Assert.Equal([6, 12, 15], receipts.Select(r => r.Tuples));
    }

    [Fact]
    public async Task A_named_import_that_broke_off_is_done_again_from_its_start_and_writes_only_what_is_missing()
    {
        using var directory = new TemporaryDirectory();
        var options = new GraphOptions { Storage = new StorageLocation.Directory(directory.Path) };
        var named = new ImportRequest { ChunkSize = 4, Kind = UpdateKind.Create, Id = "monday" };
        await using (AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(options))
        {
            await graph.WriteSchemaAsync(Schema);
            await graph.ImportAsync(named, Twenty[..8]);
        }
        await using AuthorizationGraph reopened = await AuthorizationGraph.OpenAsync(options);
        List<ImportReceipt> receipts = await reopened.ImportAsync(named, Twenty);
        Assert.Equal([(4, 2ul), (8, 3ul), (12, 4ul), (16, 5ul), (20, 6ul)], receipts.Select(r => (r.Tuples, r.Written.Revision.Value)));
        Assert.Equal(Twenty, Read(reopened));
        string[] others = [.. Twenty.Reverse()];
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", (await Assert.ThrowsAsync<RejectionException>(() => reopened.ImportAsync(named, others))).Reason);
    }

    [Theory]
    [InlineData(0, "INVALID_LIMIT")]
    [InlineData(10_001, "CHUNK_TOO_LARGE")]
    public async Task A_chunk_size_that_can_t_be_is_refused(int size, string reason)
    {
        await using Scenario graph = await Scenario.Of(Schema);
        Assert.Equal(reason, (await Assert.ThrowsAsync<RejectionException>(() => graph.ImportAsync(new ImportRequest { ChunkSize = size }, Twenty))).Reason);
    }

    private static string[] Read(AuthorizationGraph graph) => [.. graph.Snapshot().Read(new TupleFilter { ResourceType = "document" }).Select(t => t.ToString())
        .OrderBy(t => t.Length).ThenBy(t => t, StringComparer.Ordinal)];
}
