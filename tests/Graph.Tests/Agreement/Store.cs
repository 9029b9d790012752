using System.Collections.Immutable;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Graph.Tests.Retention;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>The engine with a case in it, behind its front door.</summary>
internal sealed class Store : IAsyncDisposable
{
    private readonly AuthorizationGraph _graph;

    private readonly StoppedClock _clock;

    private Store(AuthorizationGraph graph, StoppedClock clock, SchemaModel schema, State state) =>
        (_graph, _clock, Schema, State) = (graph, clock, schema, state);

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
    /// <param name="numbers">Counts what is given out again, if given.</param>
    /// <param name="now">Where its clock stands; null: where everything is written.</param>
    public static async Task<Store> OpenAsync(Case one, State state, StorageLocation? where = null, NumberCounts? numbers = null, Instant? now = null)
    {
        StoppedClock clock = new() { Now = now ?? Windows.Written };
        GraphOptions options = new()
        {
            Storage = where ?? new StorageLocation.Memory(),
            Time = clock,
            Limits = one.Limits,
        };
        return new Store(await AuthorizationGraph.OpenAsync(options, () => new CountedLog(LogChoice.Open(options), numbers ?? new NumberCounts())), clock, one.Schema, state);
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
            return (Read(answer, asked.Question.Acting), answer);
        }
        catch (RejectionException rejection)
        {
            return (new Verdict.Rejected(rejection.Reason), default);
        }
    }

    public Delegations Delegations => _graph.Delegations;

    /// <summary>Takes over into the state what somebody else wrote of an object.</summary>
    public void Learn(ObjectRef resource) => State = State.With(_graph.Snapshot().Read(new TupleFilter { ResourceType = resource.Type, ResourceId = resource.Id }));

    public void SetClock(Instant now) => _clock.Now = now;

    /// <summary>What is there now, as of an instant.</summary>
    public Snapshot At(Instant instant) => _graph.Snapshot().At(instant);

    /// <summary>Asks questions of one instant in one batch.</summary>
    public (Verdict Verdict, Answer Answer)[] AskTogether(Instant at, Asked[] asked)
    {
        var results = new CheckResult[asked.Length];
        _graph.Snapshot().At(at).CheckBatch([.. asked.Select(a => a.Question)], results);
        return [.. results.Zip(asked, (result, a) => result.Rejection is { } rejection
            ? (new Verdict.Rejected(rejection.Reason), default(Answer))
            : (Read(result.Answer, a.Question.Acting), result.Answer))];
    }

    /// <summary>Puts the clock forward, lets somebody see that, and reclaims all that may be reclaimed then.</summary>
    public Task ReclaimAsync(Instant now)
    {
        _clock.Now = now;
        Assert.Equal(now, _graph.Snapshot().Instant);
        return _graph.ReclaimAsync();
    }

    public ValueTask DisposeAsync() => _graph.DisposeAsync();

    private static Verdict Read(Answer answer, Acting acting) => answer switch
    {
        { Outcome: Outcome.Permitted, Code: DenialCode.None, Hop: 0, Missing: [] } when answer.Object == default => Verdict.Permit,
        { Outcome: Outcome.Conditional, Code: DenialCode.None, Hop: 0, Missing: not [] } when answer.Object == default =>
            acting is { Delegation: null, Root: not null } ? Verdict.DiscoveredConditional : new Verdict.Conditional(string.Join(",", answer.Missing)),
        { Outcome: Outcome.Denied, Missing: [] } => Verdict.Deny(answer.Code, answer.Hop, answer.Object),
        _ => new Verdict.Rejected($"an answer that should not be: {answer}"),
    };

    private sealed class StoppedClock : TimeProvider
    {
        public required Instant Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now.ToDateTimeOffset();
    }
}
