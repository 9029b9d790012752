using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Graph.Tests.Importing;
using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests;

/// <summary>A type that has as many objects as it may: nobody has memory for 2^30, so here it is few.</summary>
public sealed class NameLimitTests(ITestOutputHelper output)
{
    private const uint Most = 10;
    private const string Schema = """
        use expiration
        caveat at(place int) { place >= 0 }
        definition user {}
        definition document {
            relation viewer: user | user with at | user with expiration
            permission view = viewer
        }
        """;

    [Fact]
    public async Task A_write_with_one_name_too_many_is_refused_and_everything_else_goes_on()
    {
        await using AuthorizationGraph graph = await FullAsync();
        Revision before = graph.Snapshot().Revision;
        await RefusedAsync("NAME_LIMIT", graph, "document:d1#viewer@user:new1", "document:d1#viewer@user:new2");
        Assert.Equal(before, graph.Snapshot().Revision);
        Assert.Null(graph.Failure);
        // the same name twice needs one number, and there is one
        await TouchAsync(graph, "document:d1#viewer@user:new1", "document:d2#viewer@user:new1");
        await RefusedAsync("NAME_LIMIT", graph, "document:d1#viewer@user:new2");
        await TouchAsync(graph, "document:d9#viewer@user:u1");
        Assert.True(graph.Snapshot().Check(Question("document:d9#view@user:u1")).IsPermitted);
        Assert.True(graph.Snapshot().Check(Question("document:d2#view@user:new1")).IsPermitted);
        Assert.False(graph.Snapshot().Check(Question("document:d1#view@user:new2")).IsPermitted);
    }

    [Fact]
    public async Task A_name_that_nothing_mentions_any_more_leaves_its_number_to_another()
    {
        ManualTime time = new("2026-01-01T00:00:00Z");
        await using AuthorizationGraph graph = await FullAsync(time);
        string[] last = ["document:d1#viewer@user:u1", "document:d1#viewer@user:u2", "document:d2#viewer@user:u2"];
        await graph.WriteAsync(new WriteRequest { Updates = [.. last.Select(tuple => Update(UpdateKind.Delete, tuple))] });
        await TouchAsync(graph, "document:d1#viewer@user:new1");
        await RefusedAsync("NAME_LIMIT", graph, "document:d1#viewer@user:new2");
        time.Set("2026-01-03T00:00:00Z");
        await graph.ReclaimAsync();
        await RefusedAsync("NAME_LIMIT", graph, [.. Enumerable.Range(2, 3).Select(i => $"document:d1#viewer@user:new{i}")]);
        await TouchAsync(graph, "document:d1#viewer@user:new2", "document:d1#viewer@user:new3");
        await RefusedAsync("NAME_LIMIT", graph, "document:d1#viewer@user:new4");
    }

    [Fact]
    public async Task An_import_ends_with_the_chunk_that_has_a_name_too_many()
    {
        await using AuthorizationGraph graph = await OpenAsync(new StorageLocation.Memory());
        await graph.WriteSchemaAsync(Schema);
        string[] lines = [.. Enumerable.Range(0, 30).Select(i => $"document:d1#viewer@user:u{i}")];
        List<ImportReceipt> receipts = [];
        RejectionException refusal = await Assert.ThrowsAsync<RejectionException>(() => graph.ImportAsync(new ImportRequest { Mode = ImportMode.Chunks, ChunkSize = 4 }, lines, receipts));
        Assert.Equal(("NAME_LIMIT", RejectionCode.ResourceExhausted), (refusal.Reason, refusal.Code));
        Assert.Equal(lines[..8].Order(StringComparer.Ordinal), Lines(graph));
        Assert.Equal(8, receipts[^1].Tuples);
        refusal = await Assert.ThrowsAsync<RejectionException>(() => graph.ImportAsync(new ImportRequest { Mode = ImportMode.Atomic }, lines));
        Assert.Equal("NAME_LIMIT", refusal.Reason);
        await graph.ImportAsync(new ImportRequest { Mode = ImportMode.Atomic }, lines[..10]);
        Assert.Equal(lines[..10].Order(StringComparer.Ordinal), Lines(graph));
    }

    [Fact]
    public async Task Caveat_contexts_are_refused_likewise()
    {
        await using AuthorizationGraph graph = await FullAsync();
        for (uint i = 0; i < Most; i++) await TouchAsync(graph, $"document:d1#viewer@user:u1[at:{{\"place\":{i}}}]");
        await RefusedAsync("CAVEAT_CONTEXT_LIMIT", graph, "document:d1#viewer@user:u2[at:{\"place\":99}]");
        await TouchAsync(graph, "document:d1#viewer@user:u2[at:{\"place\":3}]");
        Assert.Null(graph.Failure);
    }

    /// <summary>Names come and go at the bound, over restarts with and without a checkpoint: what is refused changes nothing, and the rest is there.</summary>
    [Fact]
    public async Task At_the_bound_what_is_there_is_what_was_written_over_restarts()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using TemporaryDirectory directory = new();
        DateTimeOffset now = DateTimeOffset.Parse("2026-01-01T00:00:00Z");
        ManualTime time = new($"{now:O}");
        SortedSet<string> model = new(StringComparer.Ordinal);
        (int refused, int written) = (0, 0);
        for (int life = 0; life < 8; life++)
        {
            await using (AuthorizationGraph graph = await OpenAsync(new StorageLocation.Directory(directory.Path), time))
            {
                if (life == 0) await graph.WriteSchemaAsync(Schema);
                Assert.Equal(model, Lines(graph));
                for (int i = 0; i < 60; i++)
                {
                    time.Set($"{now += TimeSpan.FromMinutes(random.Next(200)):O}");
                    if (random.Next(6) == 0) await graph.ReclaimAsync();
                    if (random.Next(15) == 0) await graph.CheckpointAsync();
                    if (await WriteAsync(graph, random, model)) written++;
                    else refused++;
                    Assert.Equal(model, Lines(graph));
                }
                Assert.Null(graph.Failure);
            }
            VerificationReport report = StoreDirectory.Verify(directory.Path);
            Assert.True(report.IsWhole, string.Join('\n', report.Findings));
        }
        output.WriteLine($"{written} written, {refused} refused");
        Assert.True(written > 50 && refused > 10, $"{written} written, {refused} refused: this test tests less than it says");
    }

    private static async Task<bool> WriteAsync(AuthorizationGraph graph, Random random, SortedSet<string> model)
    {
        HashSet<string> touched = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => $"document:d{random.Next(3)}#viewer@user:u{random.Next(14)}")];
        string[] deleted = [.. model.Where(line => random.Next(4) == 0 && !touched.Contains(line))];
        TupleUpdate[] updates = [.. touched.Select(line => Update(UpdateKind.Touch, line)), .. deleted.Select(line => Update(UpdateKind.Delete, line))];
        try
        {
            await graph.WriteAsync(new WriteRequest { Updates = [.. updates] });
        }
        catch (RejectionException refusal) when (refusal.Reason == "NAME_LIMIT")
        {
            return false;
        }
        model.ExceptWith(deleted);
        model.UnionWith(touched);
        return true;
    }

    /// <summary>With documents d1 to d9 and users u1 to u9: one name of each is left.</summary>
    private static async Task<AuthorizationGraph> FullAsync(TimeProvider? time = null)
    {
        AuthorizationGraph graph = await OpenAsync(new StorageLocation.Memory(), time);
        await graph.WriteSchemaAsync(Schema);
        await TouchAsync(graph, [.. Enumerable.Range(1, (int)Most - 1).Select(i => $"document:d{i}#viewer@user:u{i}"), "document:d1#viewer@user:u1", "document:d1#viewer@user:u2"]);
        return graph;
    }

    private static async Task RefusedAsync(string reason, AuthorizationGraph graph, params string[] tuples)
    {
        RejectionException refusal = await Assert.ThrowsAsync<RejectionException>(() => TouchAsync(graph, tuples));
        Assert.Equal((reason, RejectionCode.ResourceExhausted), (refusal.Reason, refusal.Code));
        Assert.Contains("10", refusal.Message);
    }

    private static async Task TouchAsync(AuthorizationGraph graph, params string[] tuples) =>
        await graph.WriteAsync(new WriteRequest { Updates = [.. tuples.Distinct().Select(tuple => Update(UpdateKind.Touch, tuple))] });

    private static TupleUpdate Update(UpdateKind kind, string tuple) => new(kind, RelationTuple.Parse(tuple));

    private static CheckQuestion Question(string text)
    {
        RelationTuple tuple = RelationTuple.Parse(text);
        return new CheckQuestion(tuple.Resource, tuple.Relation, tuple.Subject);
    }

    private static IEnumerable<string> Lines(AuthorizationGraph graph) =>
        graph.Snapshot().Read(new TupleFilter { ResourceType = "document" }).Select(tuple => tuple.ToString()).Order(StringComparer.Ordinal);

    private static ValueTask<AuthorizationGraph> OpenAsync(StorageLocation storage, TimeProvider? time = null) => AuthorizationGraph.OpenAsync(
        new GraphOptions { Storage = storage, Time = time ?? TimeProvider.System, EdgeKey = default(EdgeKey), MostNumbers = Most });
}
