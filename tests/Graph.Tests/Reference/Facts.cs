using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Reference;

/// <summary>
/// The first chapter of the reference checker: which tuples are there at <c>t</c>. The chapters follow
/// <c>docs/decisions/0001-order-of-denials.md</c> line by line, slowly and without cleverness. Each is a class that
/// builds on the one before, and each sentence a virtual method, so that a test can get one sentence wrong on purpose and
/// show that it would be noticed (<see cref="Mutants"/>).
/// </summary>
internal class Facts(SchemaModel schema, State state, Limits limits, Instant t)
{
    private readonly RelationTuple[] _tuples = [.. state.Tuples];

    protected SchemaModel Schema => schema;
    protected Limits Limits => limits;
    protected Instant T => t;

    /// <summary>The context of the question, as JSON text.</summary>
    public string? Context { get; set; }

    protected Definition TypeOf(ObjectRef x) => schema[x.Type];

    /// <summary>A fact is live at t when its window contains t: from its start on, its end no longer.</summary>
    protected virtual bool IsLive(RelationTuple fact) => fact.Window.NotBefore <= t && t < fact.Window.ExpiresAt;

    protected virtual bool IsFuture(RelationTuple fact) => t < fact.Window.NotBefore;

    /// <summary>Known: live, or future, or t &lt; expires_at + retention. Everything else is absent.</summary>
    protected virtual bool IsKnown(RelationTuple fact) =>
        IsLive(fact) || IsFuture(fact) || t < fact.Window.ExpiresAt.Plus((long)limits.Retention.TotalMicroseconds);

    /// <summary>The truth of the fact's caveat: a fact without one holds.</summary>
    protected virtual Membership Holds(RelationTuple fact) => fact.Caveat is not { } caveat
        ? Membership.Member
        : schema.Caveats.Single(c => c.Name == caveat.Name).Truth(Given(Caveats.Read(caveat.ContextJson), Caveats.Read(Context)));

    /// <summary>The relationship's own context beats the question's.</summary>
    protected virtual IReadOnlyDictionary<string, long> Given(Dictionary<string, long> own, Dictionary<string, long> asked) =>
        Over(own, asked);

    protected static Dictionary<string, long> Over(Dictionary<string, long> winner, Dictionary<string, long> other) =>
        winner.Concat(other.Where(value => !winner.ContainsKey(value.Key))).ToDictionary();

    protected List<RelationTuple> Live(ObjectRef resource, string relation) => [.. Edges(resource, relation).Where(IsLive)];

    protected List<RelationTuple> Known(ObjectRef resource, string relation) => [.. Edges(resource, relation).Where(IsKnown)];

    /// <summary>Every tuple there is, of any resource.</summary>
    protected IEnumerable<RelationTuple> All => _tuples;

    private IEnumerable<RelationTuple> Edges(ObjectRef resource, string relation)
    {
        foreach (RelationTuple tuple in _tuples)
            if (tuple.Relation == relation && tuple.Resource == resource) yield return tuple;
    }
}
