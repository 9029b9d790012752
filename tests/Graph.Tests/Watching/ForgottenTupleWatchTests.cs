using AuthzGraph.Graph.Retention;
using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Watching;

/// <summary>A tuple that ended long ago is left out of checkpoints. Who deletes it all the same is heard of under the name it had.</summary>
public sealed class ForgottenTupleWatchTests : IDisposable
{
    private const string Schema = """
        use expiration
        definition user {}
        definition document { relation viewer: user | user with expiration; permission view = viewer }
        """;

    private const string Ended = "document:ended#viewer@user:ann[from:2025-01-01T00:00:00Z][expiration:2025-01-02T00:00:00Z]";

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new("2026-01-01T00:00:00Z");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tuple_that_ended_before_the_checkpoint_is_told_to_be_deleted_by_its_own_name(bool isNumberTaken)
    {
        string token;
        await using (AuthorizationGraph graph = await OpenAsync())
        {
            await graph.WriteSchemaAsync(Schema);
            await WriteAsync(graph, UpdateKind.Touch, Ended);
            using RevisionPin kept = graph.Pin(graph.Snapshot().Revision, graph.Snapshot().Instant);      // nothing is reclaimed before it is deleted
            _time.Set("2026-01-04T00:00:00Z");
            await WriteAsync(graph, UpdateKind.Touch, "document:plan#viewer@user:bob");
            await graph.CheckpointAsync();
            token = graph.Snapshot().Token;
            await WriteAsync(graph, UpdateKind.Delete, Ended);
        }
        await using AuthorizationGraph reopened = await OpenAsync();
        await reopened.ReclaimAsync();
        if (isNumberTaken) await WriteAsync(reopened, UpdateKind.Touch, "document:another#viewer@user:cy");
        List<string> heard = await reopened.HearAsync(new WatchRequest { After = token }, reopened.Snapshot().Revision);
        Assert.Equal($"4 deleted {Ended}", heard[0]);
    }

    private async Task<AuthorizationGraph> OpenAsync() => await AuthorizationGraph.OpenAsync(new GraphOptions
    {
        Storage = new StorageLocation.Directory(_directory.Path), Time = _time, Limits = Limits.Default with { StreamTime = TimeSpan.FromDays(30) },
    });

    private static ValueTask<WriteReceipt> WriteAsync(AuthorizationGraph graph, UpdateKind kind, string tuple) =>
        graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(kind, RelationTuple.Parse(tuple))] });
}
