using System.Collections.Immutable;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Validation;

/// <summary>
/// A graph in memory, filled once and, as far as <see cref="WriteOrder"/> allows, in one transaction long ago: so a
/// relationship that has an end and no start holds at every instant before its end, past ends included.
/// </summary>
internal sealed class Scenario : IAsyncDisposable
{
    private const string AuthorityRule = "AUTHORITY_RULE";
    private readonly AuthorizationGraph _graph;

    private Scenario(AuthorizationGraph graph) => _graph = graph;

    /// <exception cref="RejectionException">The schema, or a rule of authority, does not allow one of the tuples.</exception>
    public static async Task<Scenario> OpenAsync(
        CompiledSchema schema, IReadOnlyList<RelationTuple> tuples, Limits limits, CancellationToken cancellation)
    {
        WriteClock clock = new();
        limits = limits with { UpdatesPerWrite = Math.Max(limits.UpdatesPerWrite, tuples.Count) };
        Scenario scenario = new(await OpenGraphAsync(schema, clock, limits, cancellation));
        try
        {
            foreach (TimedWrite write in WriteOrder.Of(schema, tuples).Where(write => write.Tuples.Length > 0))
            {
                clock.Advance(write.At);
                await scenario._graph.WriteAsync(Request(UpdateKind.Touch, write.Tuples), cancellation);
            }
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
        CompiledSchema schema, ImmutableArray<LocatedTuple> tuples, Limits limits, CancellationToken cancellation)
    {
        await using AuthorizationGraph graph = await OpenGraphAsync(schema, new WriteClock(), limits, cancellation);
        List<FileDiagnostic> unfit = [];
        foreach (LocatedTuple tuple in tuples)
        {
            try
            {
                await graph.WriteAsync(Request(UpdateKind.Delete, [tuple.Tuple]), cancellation);
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

    private static async Task<AuthorizationGraph> OpenGraphAsync(
        CompiledSchema schema, TimeProvider clock, Limits limits, CancellationToken cancellation)
    {
        GraphOptions options = new() { Storage = new StorageLocation.Memory(), Time = clock, Limits = limits };
        AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(options, cancellation);
        await graph.WriteSchemaAsync(schema.Text, cancellation);
        return graph;
    }

    private static WriteRequest Request(UpdateKind kind, IEnumerable<RelationTuple> tuples) => new()
    {
        Updates = [.. tuples.Select(tuple => new TupleUpdate(kind, tuple))],
        Right = WriteRight.Authority,
    };

    /// <summary>Stands still, long ago, until it is moved on.</summary>
    private sealed class WriteClock : TimeProvider
    {
        private Instant _now = Instant.From(DateTimeOffset.UnixEpoch);

        public void Advance(Instant to) => _now = Instant.Max(_now, to);

        public override DateTimeOffset GetUtcNow() => _now.ToDateTimeOffset();
    }
}
