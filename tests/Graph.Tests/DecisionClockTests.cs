using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests;

/// <summary>The time that decisions are made at, over restarts.</summary>
public sealed class DecisionClockTests
{
    private const string Start = "2026-01-01T00:00:00Z";

    [Fact]
    public async Task However_often_a_store_is_started_and_written_to_it_is_no_more_than_about_a_second_ahead_of_the_clock()
    {
        using TemporaryDirectory directory = new();
        ManualTime time = new(Start);
        Instant told = Instant.Beginning;
        for (int start = 0; start < 12; start++)
        {
            await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Directory(directory.Path), Time = time });
            if (start == 0) await graph.WriteSchemaAsync("definition user {} definition document { relation viewer: user }");
            for (int write = 0; write < 3; write++)
            {
                await graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(UpdateKind.Create, RelationTuple.Parse($"document:d{start}#viewer@user:u{write}"))] });
                Instant now = graph.Snapshot().Instant;
                Assert.True(now >= told, $"it was {told}, and is {now}");
                told = now;
            }
        }
        Assert.InRange(told.Microseconds, Instant.From(time.GetUtcNow()).Microseconds, Instant.From(time.GetUtcNow()).Plus(1_100_000).Microseconds);
    }

    [Fact]
    public async Task A_window_does_not_open_early_because_the_store_was_started_often()
    {
        using TemporaryDirectory directory = new();
        ManualTime time = new(Start);
        for (int start = 0; start < 12; start++)
        {
            await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Directory(directory.Path), Time = time });
            if (start == 0) await graph.WriteSchemaAsync("use expiration\ndefinition user {} definition document { relation viewer: user with expiration }");
            await graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(UpdateKind.Touch, RelationTuple.Parse($"document:d#viewer@user:u{start}[from:2026-01-01T00:00:05Z][expiration:2027-01-01T00:00:00Z]"))] });
            Assert.False(graph.Snapshot().Check(new CheckQuestion(new ObjectRef("document", "d"), "viewer", new SubjectRef(new ObjectRef("user", "u0")))).IsPermitted);
        }
    }
}
