using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Validation;

/// <summary>
/// A graph in memory, filled once. Everything is written in one transaction, since a hop is written whole, and long
/// ago: so a relationship that has an end and no start holds at every instant before its end, past ends included.
/// </summary>
internal sealed class Scenario : IAsyncDisposable
{
    private readonly AuthorizationGraph _graph;

    private Scenario(AuthorizationGraph graph) => _graph = graph;

    /// <exception cref="RejectionException">The schema does not allow one of the tuples.</exception>
    public static async Task<Scenario> OpenAsync(
        string schema, IReadOnlyList<RelationTuple> tuples, Limits limits, CancellationToken cancellation)
    {
        AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions
        {
            Storage = new StorageLocation.Memory(),
            Time = new LongAgo(),
            Limits = limits with { UpdatesPerWrite = Math.Max(limits.UpdatesPerWrite, tuples.Count) },
        }, cancellation);
        Scenario scenario = new(graph);
        try
        {
            await graph.WriteSchemaAsync(schema, cancellation);
            if (tuples.Count > 0) await graph.WriteAsync(Write(tuples), cancellation);
            return scenario;
        }
        catch
        {
            await scenario.DisposeAsync();
            throw;
        }
    }

    public Snapshot At(Instant instant) => _graph.Snapshot().At(instant);

    public ValueTask DisposeAsync() => _graph.DisposeAsync();

    private static WriteRequest Write(IReadOnlyList<RelationTuple> tuples) => new()
    {
        Updates = [.. tuples.Select(tuple => new TupleUpdate(UpdateKind.Touch, tuple))],
        Right = WriteRight.Authority,
    };

    private sealed class LongAgo : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
