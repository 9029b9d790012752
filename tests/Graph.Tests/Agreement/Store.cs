using System.Collections.Immutable;
using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>The engine with a case in it, behind its front door.</summary>
internal sealed class Store : IAsyncDisposable
{
    private readonly AuthorizationGraph _graph;

    private Store(AuthorizationGraph graph, SchemaModel schema, State state) => (_graph, Schema, State) = (graph, schema, state);

    /// <summary>What the engine was told, for the reference.</summary>
    public State State { get; private set; }

    public SchemaModel Schema { get; private set; }

    /// <summary>Writes the tuples under a schema without roles, since most cases break the rules for hops and tasks, then the schema.</summary>
    public static async Task<Store> WithAsync(Case one, StorageLocation? where = null)
    {
        Store store = await OpenAsync(one, new State([]), where);
        await store.WriteSchemaAsync(one.Schema.WithoutRoles(), one.SchemaTextWithoutRoles);
        await store.WriteAsync(one.Tuples.Select(t => new TupleUpdate(UpdateKind.Create, t)));
        await store.WriteSchemaAsync(one.Schema, one.SchemaText);
        return store;
    }

    /// <summary>Writes the schema and then the tuples, all in one transaction; null where the rules refuse them.</summary>
    public static async Task<Store?> ByTheRulesAsync(Case one)
    {
        Store store = await OpenAsync(one, new State([]));
        await store.WriteSchemaAsync(one.Schema, one.SchemaText);
        try
        {
            await store.WriteAsync(one.Tuples.Select(t => new TupleUpdate(UpdateKind.Create, t)));
            return store;
        }
        catch (RejectionException)
        {
            await store.DisposeAsync();
            return null;
        }
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
        return new Store(await AuthorizationGraph.OpenAsync(options), one.Schema, state);
    }

    public async Task<WriteReceipt> WriteSchemaAsync(SchemaModel schema, string text)
    {
        Schema = schema;
        return await _graph.WriteSchemaAsync(text);
    }

    public async Task<WriteReceipt> WriteAsync(IEnumerable<TupleUpdate> updates)
    {
        ImmutableArray<TupleUpdate> all = [.. updates];
        WriteReceipt receipt = await _graph.WriteAsync(new WriteRequest { Updates = all, Right = WriteRight.Authority });
        State = State.After(all, receipt.CommittedAt);
        return receipt;
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
