using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine.Plans;

/// <summary>The edges of one type as plans read them.</summary>
internal readonly struct PlannedEdges(EdgeType type, EdgeStore store)
{
    public EdgeType Type => type;
    public EdgeStore Store => store;
    public SubjectKind Kind => type.Kind;
    public TypeId SubjectType => type.SubjectType;

    /// <summary>Whether the edge is there and holds: one step.</summary>
    public Finding Probe(DecisionScope scope, uint resource, uint subject)
    {
        scope.Step();
        return store.TryFindWord(resource, subject, out uint word) ? Holds(scope, resource, subject, word) : Finding.No;
    }

    /// <summary>The edges of a resource by their words, in the order of codes; for <see cref="Holds"/> to judge.</summary>
    public EdgeWords Of(uint resource) => store.WordsOf(resource);

    /// <summary>The edges of a resource that a revision sees, in the same order.</summary>
    public EdgeListWalk Seen(uint resource, ulong revision) => store.OfResource(resource, revision);

    /// <summary>Whether a resource has no edge at all, seen or not.</summary>
    public bool HasNone(uint resource) => !store.Mentions(resource);

    /// <summary>Whether a listed edge is seen, live, and its caveat true. One that may hold is kept as a witness.</summary>
    public Finding Holds(DecisionScope scope, uint resource, uint subject, uint word)
    {
        if ((word & EdgeCode.Flag) != 0) return HoldsVersion(scope, resource, subject);
        if (scope.KeepsWitness) Keep(scope, EdgeVersion.Quiet(resource, subject));
        return Finding.Yes;
    }

    public void Keep(DecisionScope scope, in EdgeVersion edge) =>
        scope.Keep(new WitnessEdge(type.Id, edge.Resource, edge.Subject, edge.Window, edge.Caveat));

    private Finding HoldsVersion(DecisionScope scope, uint resource, uint subject)
    {
        if (!store.TryFindVersion(resource, subject, scope.Revision, out EdgeVersion edge)) return Finding.No;
        Instant change = edge.Window.NextChange(scope.Now);
        if (!edge.Window.Contains(scope.Now)) return Finding.No.Before(change);
        Truth truth = scope.Judge(edge.Caveat);
        if (truth == Truth.NotMember) return Finding.No;
        Keep(scope, edge);
        return new Finding(truth, change);
    }
}
