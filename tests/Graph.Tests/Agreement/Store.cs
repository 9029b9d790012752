using System.Collections.Immutable;
using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>The engine with a case in it, behind its front door.</summary>
internal sealed class Store : IAsyncDisposable
{
    private readonly AuthorizationGraph _graph;

    private Store(AuthorizationGraph graph, State state) => (_graph, State) = (graph, state);

    /// <summary>What the engine was told, for the reference.</summary>
    public State State { get; private set; }

    /// <summary>Writes the tuples under a schema without roles, since most cases break the rules for hops and tasks, then the schema.</summary>
    public static async Task<Store> WithAsync(Case one, StorageLocation? where = null)
    {
        Store store = await OpenAsync(one, new State([]), where);
        await store._graph.WriteSchemaAsync(one.SchemaTextWithoutRoles);
        await store.WriteAsync(one.Tuples.Select(t => new TupleUpdate(UpdateKind.Create, t)));
        await store._graph.WriteSchemaAsync(one.SchemaText);
        return store;
    }

    /// <summary>Opens what an earlier store left behind.</summary>
    public static async Task<Store> OpenAsync(Case one, State state, StorageLocation? where = null)
    {
        GraphOptions options = new()
        {
            Storage = where ?? new StorageLocation.Memory(),
            Time = new StoppedClock(Windows.Written),
            Limits = one.Limits,
        };
        return new Store(await AuthorizationGraph.OpenAsync(options), state);
    }

    public async Task<WriteReceipt> WriteAsync(IEnumerable<TupleUpdate> updates)
    {
        ImmutableArray<TupleUpdate> all = [.. updates];
        WriteReceipt receipt = await _graph.WriteAsync(new WriteRequest { Updates = all, Right = WriteRight.Authority });
        State = State.After(all, receipt.CommittedAt);
        return receipt;
    }

    /// <summary>Adds tuples that may be against the rules: the roles are taken out of the schema while they are written.</summary>
    public async Task WriteAgainstTheRulesAsync(Case one, params IEnumerable<RelationTuple> tuples)
    {
        await _graph.WriteSchemaAsync(one.SchemaTextWithoutRoles);
        await WriteAsync(tuples.Select(t => new TupleUpdate(UpdateKind.Touch, t)));
        await _graph.WriteSchemaAsync(one.SchemaText);
    }

    public (Verdict Verdict, Answer Answer) Ask(Asked asked, Evidence? evidence = null, Consistency? consistency = null)
    {
        try
        {
            Answer answer = _graph.Snapshot(consistency).At(asked.At).Check(asked.Question, evidence);
            return (Read(answer), answer);
        }
        catch (RejectionException rejection)
        {
            return (new Verdict.Rejected(rejection.Reason), default);
        }
    }

    public ValueTask DisposeAsync() => _graph.DisposeAsync();

    private static Verdict Read(Answer answer) => answer switch
    {
        { Outcome: Outcome.Permitted, Code: DenialCode.None, Hop: 0 } when answer.Object == default => Verdict.Permit,
        { Outcome: Outcome.Denied } => Verdict.Deny(answer.Code, answer.Hop, answer.Object),
        _ => new Verdict.Rejected($"an answer that should not be: {answer}"),
    };

    private sealed class StoppedClock(Instant at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at.ToDateTimeOffset();
    }
}
