using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Retention;

public sealed class HorizonTests
{
    private const string Schema = """
        use expiration
        caveat on_day(day string, wanted string) { day == wanted }
        definition user {}
        definition group { relation member: user }
        definition document {
            relation viewer: user | user with expiration | user with on_day | group#member
            permission view = viewer
        }
        """;

    [Fact]
    public async Task A_snapshot_behind_the_horizon_is_refused_and_the_oldest_that_is_not_is_named()
    {
        var time = new ManualTime("2026-01-01T00:00:00Z");
        await using Scenario graph = await Scenario.Of(Schema, "document:readme#viewer@user:ann", time);
        WriteReceipt first = await graph.Touch("document:readme#viewer@user:bob");
        time.Set("2026-01-01T12:00:00Z");
        WriteReceipt second = await graph.Delete("document:readme#viewer@user:ann");
        time.Set("2026-01-02T13:00:00Z");
        await graph.Graph.ReclaimAsync();

        RejectionException refusal = Assert.Throws<RejectionException>(() => graph.Graph.Snapshot(new Consistency.AtExactSnapshot(first.Token)));
        Assert.Equal("REVISION_TOO_OLD", refusal.Reason);
        Assert.Contains($"the oldest is {second.Revision}", refusal.Message);
        Assert.False(graph.Allows("document:readme#view@user:ann"));
        Assert.False(graph.Graph.Snapshot(new Consistency.AtExactSnapshot(second.Token)).Check(Question("document:readme#view@user:ann")).IsPermitted);
    }

    [Fact]
    public async Task A_snapshot_within_the_retention_answers_as_it_did()
    {
        var time = new ManualTime("2026-01-01T00:00:00Z");
        await using Scenario graph = await Scenario.Of(Schema, "document:readme#viewer@user:ann", time);
        time.Set("2026-01-01T12:00:00Z");
        WriteReceipt kept = await graph.Touch("document:readme#viewer@user:bob");
        await graph.Delete("document:readme#viewer@user:ann");
        time.Set("2026-01-02T11:00:00Z");
        await graph.Graph.ReclaimAsync();

        Assert.True(graph.Graph.Snapshot(new Consistency.AtExactSnapshot(kept.Token)).Check(Question("document:readme#view@user:ann")).IsPermitted);
        Assert.False(graph.Allows("document:readme#view@user:ann"));
    }

    [Fact]
    public async Task A_snapshot_held_too_long_is_refused_rather_than_answered_from_what_is_left()
    {
        var time = new ManualTime("2026-01-01T00:00:00Z");
        await using Scenario graph = await Scenario.Of(Schema, "document:readme#viewer@user:ann", time);
        Snapshot held = graph.Graph.Snapshot();
        await graph.Delete("document:readme#viewer@user:ann");
        time.Set("2026-01-03T00:00:00Z");
        await graph.Graph.ReclaimAsync();

        Assert.Equal("REVISION_TOO_OLD", Assert.Throws<RejectionException>(() => held.Check(Question("document:readme#view@user:ann"))).Reason);
        Assert.Equal("REVISION_TOO_OLD", Assert.Throws<RejectionException>(() => held.Read(new TupleFilter { ResourceType = "document" }).Count()).Reason);
    }

    [Fact]
    public async Task A_stream_under_way_keeps_its_revision_until_its_time_is_up()
    {
        var time = new ManualTime("2026-01-01T00:00:00Z");
        string tuples = string.Join('\n', Enumerable.Range(0, 900).Select(i => $"document:d{i}#viewer@user:ann"));
        await using Scenario graph = await Scenario.Of(Schema, tuples, time);
        using IEnumerator<RelationTuple> stream = graph.Graph.Snapshot().Read(new TupleFilter { ResourceType = "document" }).GetEnumerator();
        Assert.True(stream.MoveNext());
        await graph.Delete(tuples);
        time.Set("2026-01-01T00:09:00Z");
        await graph.Graph.ReclaimAsync();
        Assert.True(Count(stream, 600) == 600);

        time.Set("2026-01-03T00:00:00Z");
        await graph.Graph.ReclaimAsync();
        Assert.Equal("REVISION_TOO_OLD", Assert.Throws<RejectionException>(() => Count(stream, 900)).Reason);
    }

    [Fact]
    public async Task A_stream_under_way_holds_its_revision_past_the_retention_and_lets_go_of_it_when_it_ends()
    {
        var time = new ManualTime("2026-01-01T00:00:00Z");
        string[] tuples = [.. Enumerable.Range(0, 900).Select(i => $"document:d{i}#viewer@user:ann")];
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions
        {
            Storage = new StorageLocation.Memory(), Time = time, Limits = Limits.Default with { Retention = TimeSpan.FromMinutes(1) },
        });
        await graph.WriteSchemaAsync(Schema);
        await WriteAsync(graph, UpdateKind.Touch, tuples);
        Snapshot held = graph.Snapshot();
        using (IEnumerator<RelationTuple> stream = held.Read(new TupleFilter { ResourceType = "document" }).GetEnumerator())
        {
            Assert.True(stream.MoveNext());
            await WriteAsync(graph, UpdateKind.Delete, tuples);
            time.Set("2026-01-01T00:05:00Z");
            await WriteAsync(graph, UpdateKind.Touch, tuples[0]);
            time.Set("2026-01-01T00:09:00Z");
            await graph.ReclaimAsync();
            Assert.Equal(held.Revision, graph.OldestRevision);
            Assert.Equal(899, Count(stream, 1_000));
        }
        await graph.ReclaimAsync();
        Assert.True(graph.OldestRevision > held.Revision);
    }

    [Fact]
    public async Task What_held_before_the_oldest_instant_is_no_longer_told()
    {
        var time = new ManualTime("2026-01-01T00:00:00Z");
        await using Scenario graph = await Scenario.Of(Schema, "document:readme#viewer@user:ann[expiration:2026-01-01T01:00:00Z]", time);
        time.Set("2026-01-02T12:00:00Z");
        await graph.Graph.ReclaimAsync();
        Assert.True(graph.Allows("document:readme#view@user:ann", at: "2026-01-01T00:30:00Z"));

        time.Set("2026-01-04T00:00:00Z");
        Assert.False(graph.Allows("document:readme#view@user:ann"));
        await graph.Graph.ReclaimAsync();
        Assert.Equal("INSTANT_TOO_OLD", Assert.Throws<RejectionException>(() => graph.Ask("document:readme#view@user:ann", at: "2026-01-01T00:30:00Z")).Reason);
        Assert.False(graph.Allows("document:readme#view@user:ann"));
    }

    [Fact]
    public async Task Bytes_of_history_push_the_horizon_when_time_would_not()
    {
        var time = new ManualTime("2026-01-01T00:00:00Z");
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions
        {
            Storage = new StorageLocation.Memory(), Time = time, Limits = Limits.Default with { HistoryBytes = 20_000 },
        });
        await graph.WriteSchemaAsync(Schema);
        for (int i = 0; i < 1_000; i++)
            await graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(i % 2 == 0 ? UpdateKind.Touch : UpdateKind.Delete, RelationTuple.Parse("document:readme#viewer@user:ann"))] });
        await graph.ReclaimAsync();
        Assert.InRange(graph.OldestRevision.Value, 500ul, 1_001ul);
    }

    [Fact]
    public async Task Names_of_what_is_gone_are_freed_and_their_numbers_serve_others_across_a_restart()
    {
        using TemporaryDirectory directory = new();
        var time = new ManualTime("2026-01-01T00:00:00Z");
        string[] before, after;
        string early;
        await using (AuthorizationGraph graph = await OpenAsync(directory, time))
        {
            await graph.WriteSchemaAsync(Schema);
            early = (await WriteAsync(graph, UpdateKind.Touch, "document:stays#viewer@user:ann", "document:stays#viewer@user:eve[on_day:{\"wanted\":\"monday\"}]")).Token;
            for (int day = 2; day < 28; day++)
            {
                time.Set($"2026-01-{day:00}T00:00:00Z");
                await WriteAsync(graph, UpdateKind.Touch, [.. Enumerable.Range(0, 20).SelectMany(i => (string[])[
                    $"document:d{day}-{i}#viewer@user:u{day}-{i}[expiration:2026-01-{day:00}T01:00:00Z]",
                    $"group:g{day}-{i}#member@user:u{day % 5}-{i}",
                    $"document:d{day}-{i}#viewer@user:c{day}-{i}[on_day:{{\"wanted\":\"day {day} {i}\"}}]"])]);
                if (day > 2) await WriteAsync(graph, UpdateKind.Delete, [.. Enumerable.Range(0, 20).SelectMany(i => (string[])[
                    $"group:g{day - 1}-{i}#member@user:u{(day - 1) % 5}-{i}", $"document:d{day - 1}-{i}#viewer@user:c{day - 1}-{i}"])]);
                await graph.ReclaimAsync();
            }
            before = Everything(graph);
        }
        await using (AuthorizationGraph graph = await OpenAsync(directory, time))
        {
            after = Everything(graph);
            Assert.Equal("REVISION_TOO_OLD", Assert.Throws<RejectionException>(() => graph.Snapshot(new Consistency.AtExactSnapshot(early))).Reason);
            await WriteAsync(graph, UpdateKind.Touch, "document:new#viewer@user:new");
            await graph.ReclaimAsync();
            Assert.Equal(before.Append("document:new#viewer@user:new").Order(StringComparer.Ordinal), Everything(graph));
        }
        Assert.Equal(before, after);
    }

    private static async Task<AuthorizationGraph> OpenAsync(TemporaryDirectory directory, TimeProvider time) =>
        await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Directory(directory.Path), Time = time });

    private static ValueTask<WriteReceipt> WriteAsync(AuthorizationGraph graph, UpdateKind kind, params string[] tuples) =>
        graph.WriteAsync(new WriteRequest { Updates = [.. tuples.Select(t => new TupleUpdate(kind, RelationTuple.Parse(t)))] });

    private static string[] Everything(AuthorizationGraph graph)
    {
        Snapshot snapshot = graph.Snapshot();
        IEnumerable<RelationTuple> all = snapshot.Read(new TupleFilter { ResourceType = "document" }).Concat(snapshot.Read(new TupleFilter { ResourceType = "group" }));
        return [.. all.Select(t => t.ToString()).Order(StringComparer.Ordinal)];
    }

    private static int Count(IEnumerator<RelationTuple> stream, int most)
    {
        int count = 0;
        while (count < most && stream.MoveNext()) count++;
        return count;
    }

    private static CheckQuestion Question(string text)
    {
        RelationTuple tuple = RelationTuple.Parse(text);
        return new CheckQuestion(tuple.Resource, tuple.Relation, tuple.Subject);
    }
}
