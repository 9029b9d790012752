using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>A clock that was wrong for a while, in which nobody asked or wrote anything.</summary>
public sealed class ClockJumpTests
{
    private const string Schema = """
        use expiration
        definition user {}
        definition document {
            relation viewer: user | user with expiration
            permission view = viewer
        }
        """;

    [Fact]
    public async Task What_is_reclaimed_while_the_clock_is_far_ahead_refuses_nobody_and_takes_nothing_away_once_it_is_right_again()
    {
        ManualTime time = new("2026-01-01T00:00:00Z");
        await using Scenario graph = await Scenario.Of(Schema, "document:readme#viewer@user:ann[expiration:2026-01-10T00:00:00Z]", time);
        Assert.True(graph.Allows("document:readme#view@user:ann"));
        time.Set("2026-03-01T00:00:00Z");
        await graph.Graph.ReclaimAsync();
        await graph.Graph.ReclaimAsync();

        time.Set("2026-01-01T00:01:00Z");
        Assert.True(graph.Allows("document:readme#view@user:ann"));
        await graph.Graph.ReclaimAsync();
        Assert.True(graph.Allows("document:readme#view@user:ann"));
        Assert.Single(graph.Graph.Snapshot().Read(new TupleFilter { ResourceType = "document" }));
    }

    [Fact]
    public async Task Nor_does_it_after_a_restart_when_numbers_were_given_out_again()
    {
        using TemporaryDirectory directory = new();
        ManualTime time = new("2026-01-01T00:00:00Z");
        GraphOptions options = new() { Storage = new StorageLocation.Directory(directory.Path), Time = time };
        await using (AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(options))
        {
            await graph.WriteSchemaAsync(Schema);
            await TouchAsync(graph, "document:readme#viewer@user:ann[expiration:2026-01-10T00:00:00Z]");
            time.Set("2026-03-01T00:00:00Z");
            await graph.ReclaimAsync();
            await graph.ReclaimAsync();
            time.Set("2026-01-01T00:01:00Z");
            for (int i = 0; i < 5; i++) await TouchAsync(graph, $"document:d{i}#viewer@user:u{i}");
            await graph.CheckpointAsync();
        }
        await using AuthorizationGraph reopened = await AuthorizationGraph.OpenAsync(options);
        Assert.True(reopened.Snapshot().Check(new CheckQuestion(ObjectRef.Parse("document:readme"), "view", SubjectRef.Parse("user:ann"))).IsPermitted);
    }

    [Fact]
    public async Task What_ended_long_ago_goes_once_somebody_was_told_that_it_is_so_late()
    {
        ManualTime time = new("2026-01-01T00:00:00Z");
        await using Scenario graph = await Scenario.Of(Schema, "document:readme#viewer@user:ann[expiration:2026-01-10T00:00:00Z]", time);
        time.Set("2026-03-01T00:00:00Z");
        Assert.False(graph.Allows("document:readme#view@user:ann"));
        Assert.NotEqual(0, graph.Graph.Memory.Texts);
        await graph.Graph.ReclaimAsync();
        Assert.Equal(0, graph.Graph.Memory.Texts);
    }

    private static async Task TouchAsync(AuthorizationGraph graph, string tuple) =>
        await graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(UpdateKind.Touch, RelationTuple.Parse(tuple))] });
}
