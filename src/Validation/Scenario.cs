using System.Collections.Immutable;
using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Validation;

/// <summary>
/// A graph in memory, filled once. Everything is written in one transaction, since a hop is written whole, and long
/// ago: so a relationship that has an end and no start holds at every instant before its end, past ends included.
/// </summary>
internal sealed class Scenario : IAsyncDisposable
{
    private const string AuthorityRule = "AUTHORITY_RULE";
    private readonly AuthorizationGraph _graph;

    private Scenario(AuthorizationGraph graph) => _graph = graph;

    /// <exception cref="RejectionException">The schema does not allow one of the tuples.</exception>
    public static async Task<Scenario> OpenAsync(
        string schema, IReadOnlyList<RelationTuple> tuples, Limits limits, CancellationToken cancellation)
    {
        Scenario scenario = new(await OpenGraphAsync(limits with { UpdatesPerWrite = Math.Max(limits.UpdatesPerWrite, tuples.Count) }, cancellation));
        try
        {
            await scenario._graph.WriteSchemaAsync(schema, cancellation);
            if (tuples.Count > 0) await scenario._graph.WriteAsync(Write(UpdateKind.Touch, tuples), cancellation);
            return scenario;
        }
        catch
        {
            await scenario.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Every tuple the schema has no place for, not only the first. Deleting what is not there changes nothing, and
    /// is refused for the same reasons: a type, a relation, a subject that the schema does not know.
    /// </summary>
    public static async Task<ImmutableArray<FileDiagnostic>> UnfitAsync(
        string schema, ImmutableArray<LocatedTuple> tuples, Limits limits, CancellationToken cancellation)
    {
        await using AuthorizationGraph graph = await OpenGraphAsync(limits, cancellation);
        await graph.WriteSchemaAsync(schema, cancellation);
        List<FileDiagnostic> unfit = [];
        foreach (LocatedTuple tuple in tuples)
        {
            try
            {
                await graph.WriteAsync(Write(UpdateKind.Delete, [tuple.Tuple]), cancellation);
            }
            catch (RejectionException refused) when (refused.Reason != AuthorityRule)
            {
                unfit.Add(tuple.Error(refused.Message) with { Code = refused.Reason });
            }
            catch (RejectionException)
            {
                // it fits: only deleting from a hop or a task is not allowed
            }
        }
        return [.. unfit];
    }

    public Snapshot At(Instant instant) => _graph.Snapshot().At(instant);

    public ValueTask DisposeAsync() => _graph.DisposeAsync();

    private static ValueTask<AuthorizationGraph> OpenGraphAsync(Limits limits, CancellationToken cancellation) => AuthorizationGraph.OpenAsync(
        new GraphOptions { Storage = new StorageLocation.Memory(), Time = new LongAgo(), Limits = limits }, cancellation);

    private static WriteRequest Write(UpdateKind kind, IReadOnlyList<RelationTuple> tuples) => new()
    {
        Updates = [.. tuples.Select(tuple => new TupleUpdate(kind, tuple))],
        Right = WriteRight.Authority,
    };

    private sealed class LongAgo : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
