using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Reference;

/// <summary>What a store holds at one revision: every tuple by its identity, with its window. No indexes.</summary>
internal sealed class State
{
    private readonly Dictionary<(ObjectRef Resource, string Relation, SubjectRef Subject), Window> _windows = [];

    public State(IEnumerable<RelationTuple> tuples)
    {
        foreach (RelationTuple tuple in tuples) _windows[(tuple.Resource, tuple.Relation, tuple.Subject)] = tuple.Window;
    }

    public IEnumerable<RelationTuple> Tuples =>
        _windows.Select(e => new RelationTuple(e.Key.Resource, e.Key.Relation, e.Key.Subject) { Window = e.Value });

    public bool Holds(RelationTuple tuple) =>
        _windows.TryGetValue((tuple.Resource, tuple.Relation, tuple.Subject), out Window window) && window == tuple.Window;

    public State With(params IEnumerable<RelationTuple> tuples) => new(Tuples.Concat(tuples));

    /// <summary>The state after a transaction. An end without a start starts when it is written (DESIGN §2).</summary>
    public State After(IEnumerable<TupleUpdate> updates, Instant committedAt)
    {
        State next = new(Tuples);
        foreach ((UpdateKind kind, RelationTuple tuple) in updates)
        {
            (ObjectRef, string, SubjectRef) identity = (tuple.Resource, tuple.Relation, tuple.Subject);
            Window window = tuple.Window;
            bool needsStart = window.ExpiresAt.IsFinite && !window.NotBefore.IsFinite;
            bool keepsStart = kind == UpdateKind.Touch && next._windows.TryGetValue(identity, out Window old) && old.ExpiresAt == window.ExpiresAt;
            if (kind == UpdateKind.Delete) next._windows.Remove(identity);
            else if (needsStart && keepsStart) next._windows[identity] = next._windows[identity];
            else next._windows[identity] = needsStart ? window with { NotBefore = committedAt } : window;
        }
        return next;
    }
}
