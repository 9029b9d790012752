using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Graph.Tests.Watching;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>A store opens whatever was reclaimed before: what the log says under a number that is given out again is gone.</summary>
public sealed class ReusedCaveatTests
{
    private const string Schema = """
        use expiration
        caveat on_day(day string, wanted string) { day == wanted }
        definition user {}
        definition document { relation viewer: user | user with on_day | user with on_day and expiration; permission view = viewer }
        """;

    [Fact]
    public async Task The_caveat_of_a_tuple_that_expired_long_ago_may_have_left_its_number_to_another()
    {
        using TemporaryDirectory directory = new();
        var time = new ManualTime("2026-01-01T00:00:00Z");
        await using (AuthorizationGraph graph = await OpenAsync(directory, time, Limits.Default))
        {
            await graph.WriteSchemaAsync(Schema);
            await WriteAsync(graph, UpdateKind.Touch, "document:old#viewer@user:ann[on_day:{\"wanted\":\"monday\"}][expiration:2026-01-01T01:00:00Z]");
            time.Set("2026-01-09T00:00:00Z");
            await graph.ReclaimAsync();
            await WriteAsync(graph, UpdateKind.Touch, "document:new#viewer@user:bob[on_day:{\"wanted\":\"friday\"}]");
        }
        await using AuthorizationGraph reopened = await OpenAsync(directory, time, Limits.Default);
        Assert.Equal(["document:new#viewer@user:bob[on_day:{\"wanted\":\"friday\"}]"], Everything(reopened));
    }

    [Fact]
    public async Task A_caveat_that_came_back_under_another_number_after_history_was_cut_for_its_bytes_does_not_stop_the_store()
    {
        using TemporaryDirectory directory = new();
        var time = new ManualTime("2026-01-01T00:00:00Z");
        const string Tuple = "document:d#viewer@user:ann[on_day:{\"wanted\":\"monday\"}]";
        await using (AuthorizationGraph graph = await OpenAsync(directory, time, Limits.Default with { HistoryBytes = 1 }))
        {
            await graph.WriteSchemaAsync(Schema);
            await WriteAsync(graph, UpdateKind.Touch, Tuple);
            await WriteAsync(graph, UpdateKind.Delete, Tuple);
            for (int i = 0; i < 5; i++) await WriteAsync(graph, UpdateKind.Touch, $"document:d{i}#viewer@user:ann");
            await graph.ReclaimAsync();
            await WriteAsync(graph, UpdateKind.Touch, Tuple);
        }
        await using AuthorizationGraph reopened = await OpenAsync(directory, time, Limits.Default);
        Assert.Contains(Tuple, Everything(reopened));
    }

    [Fact]
    public async Task A_tuple_written_anew_after_it_was_reclaimed_costs_no_history_when_its_old_caveat_leaves_its_number_to_another()
    {
        using TemporaryDirectory directory = new();
        var time = new ManualTime("2026-01-01T00:00:00Z");
        string token;
        await using (AuthorizationGraph graph = await OpenAsync(directory, time, Limits.Default))
        {
            await graph.WriteSchemaAsync(Schema);
            // the others keep the numbers of its names
            await WriteAsync(graph, UpdateKind.Touch, "document:d#viewer@user:ann[on_day:{\"wanted\":\"monday\"}][expiration:2026-01-01T01:00:00Z]",
                "document:d#viewer@user:zoe", "document:o#viewer@user:ann");
            time.Set("2026-01-09T00:00:00Z");
            await graph.ReclaimAsync();
            token = (await WriteAsync(graph, UpdateKind.Touch, "document:e#viewer@user:ann")).Token;
            await WriteAsync(graph, UpdateKind.Touch, "document:d#viewer@user:ann");
            await WriteAsync(graph, UpdateKind.Touch, "document:f#viewer@user:bob[on_day:{\"wanted\":\"friday\"}]");
        }
        await using AuthorizationGraph reopened = await OpenAsync(directory, time, Limits.Default);
        Snapshot before = reopened.Snapshot(new Consistency.AtExactSnapshot(token));
        Assert.Equal(["document:d#viewer@user:zoe", "document:e#viewer@user:ann", "document:o#viewer@user:ann"],
            before.Read(new TupleFilter { ResourceType = "document" }).Select(t => t.ToString()).Order(StringComparer.Ordinal));
        List<string> heard = await reopened.HearAsync(new WatchRequest { After = token }, reopened.Snapshot().Revision);
        Assert.Equal(["4 created document:d#viewer@user:ann", "5 created document:f#viewer@user:bob[on_day:{\"wanted\":\"friday\"}]"], heard);
    }

    private static async Task<AuthorizationGraph> OpenAsync(TemporaryDirectory directory, TimeProvider time, Limits limits) =>
        await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Directory(directory.Path), Time = time, Limits = limits });

    private static ValueTask<WriteReceipt> WriteAsync(AuthorizationGraph graph, UpdateKind kind, params string[] tuples) =>
        graph.WriteAsync(new WriteRequest { Updates = [.. tuples.Select(t => new TupleUpdate(kind, RelationTuple.Parse(t)))] });

    private static string[] Everything(AuthorizationGraph graph) =>
        [.. graph.Snapshot().Read(new TupleFilter { ResourceType = "document" }).Select(t => t.ToString())];
}
