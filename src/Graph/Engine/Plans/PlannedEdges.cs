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

    /// <summary>Whether a listed edge is seen and has neither window nor caveat; if not, its version tells.</summary>
    public bool IsSeen(DecisionScope scope, uint resource, uint word) => store.IsSeen(resource, word, scope.Revision);

    /// <summary>Whether a listed edge is seen, live, and its caveat true. One that holds is kept as a witness.</summary>
    public Finding Holds(DecisionScope scope, uint resource, uint subject, uint word)
    {
        if (!IsSeen(scope, resource, word)) return HoldsVersion(this, scope, resource, subject);
        if (scope.KeepsWitness) KeepQuiet(this, scope, resource, subject);
        return Finding.Yes;
    }

    /// <summary>Whether a listed edge is seen and live, whatever its caveat: one step. Its next change is consulted.</summary>
    public bool IsLive(DecisionScope scope, uint resource, uint word, out ObjectKey subject)
    {
        scope.Step();
        uint number = EdgeCode.Number(word);
        subject = new ObjectKey(type.SubjectType, number);
        return IsSeen(scope, resource, word) || store.Versions.TryFind(resource, number, scope.Revision, out EdgeVersion edge) && scope.IsLive(edge.Window);
    }

    /// <summary>The same; a live one is <paramref name="edge"/>.</summary>
    public bool IsLive(DecisionScope scope, uint resource, uint word, ref LiveEdge edge)
    {
        scope.Step();
        uint number = EdgeCode.Number(word);
        if (IsSeen(scope, resource, word))
        {
            edge = new LiveEdge(type.Id, resource, new ObjectKey(type.SubjectType, number), Window.Always, Caveat: 0);
            return true;
        }
        if (!store.Versions.TryFind(resource, number, scope.Revision, out EdgeVersion version) || !scope.IsLive(version.Window)) return false;
        edge = new LiveEdge(type, version);
        return true;
    }

    public void Keep(DecisionScope scope, in EdgeVersion edge) =>
        scope.Keep(new WitnessEdge(type.Id, edge.Resource, edge.Subject, edge.Window, edge.Caveat));

    // what is rare takes the edges by value: a reference to them would keep them in memory where they are not rare

    private static void KeepQuiet(PlannedEdges edges, DecisionScope scope, uint resource, uint subject) =>
        edges.Keep(scope, EdgeVersion.Quiet(resource, subject));

    private static Finding HoldsVersion(PlannedEdges edges, DecisionScope scope, uint resource, uint subject)
    {
        if (!edges.Store.Versions.TryFind(resource, subject, scope.Revision, out EdgeVersion edge)) return Finding.No;
        Instant change = edge.Window.NextChange(scope.Now);
        if (!edge.Window.Contains(scope.Now)) return Finding.No.Before(change);
        Truth truth = scope.Judge(edge.Caveat);
        if (truth == Truth.NotMember) return Finding.No;
        if (truth == Truth.Member) edges.Keep(scope, edge);
        return new Finding(truth, change);
    }
}
