using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Reference;

/// <summary>What a store holds at one revision: every tuple by its identity, with its window and caveat. No indexes.</summary>
internal sealed class State
{
    private readonly Dictionary<(ObjectRef Resource, string Relation, SubjectRef Subject), RelationTuple> _tuples = [];

    public State(IEnumerable<RelationTuple> tuples)
    {
        foreach (RelationTuple tuple in tuples) _tuples[Identity(tuple)] = tuple;
    }

    public IEnumerable<RelationTuple> Tuples => _tuples.Values;

    public bool Holds(RelationTuple tuple) => _tuples.TryGetValue(Identity(tuple), out RelationTuple stored) && stored == tuple;

    public State With(params IEnumerable<RelationTuple> tuples) => new(Tuples.Concat(tuples));

    /// <summary>The state after a transaction. An end without a start starts when it is written (DESIGN §2).</summary>
    public State After(IEnumerable<TupleUpdate> updates, Instant committedAt)
    {
        State next = new(Tuples);
        foreach ((UpdateKind kind, RelationTuple tuple) in updates)
        {
            Window window = tuple.Window;
            bool needsStart = window.ExpiresAt.IsFinite && !window.NotBefore.IsFinite;
            bool keepsStart = next._tuples.TryGetValue(Identity(tuple), out RelationTuple old)
                && kind == UpdateKind.Touch && old.Window.ExpiresAt == window.ExpiresAt;
            if (needsStart) window = keepsStart ? old.Window : window with { NotBefore = committedAt };
            if (kind == UpdateKind.Delete) next._tuples.Remove(Identity(tuple));
            else next._tuples[Identity(tuple)] = tuple with { Window = window };
        }
        return next;
    }

    private static (ObjectRef, string, SubjectRef) Identity(RelationTuple tuple) => (tuple.Resource, tuple.Relation, tuple.Subject);
}
