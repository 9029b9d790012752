using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// Whether a hop's live edges lend a permission on the resource, on something it is within, or on all objects of such a
/// type. Several edges are alternatives: of those that hold, the one that lasts longest counts.
/// </summary>
internal struct Coverage
{
    private Instant _longest = Instant.Beginning;
    private Instant _next = Instant.Never;

    /// <summary>Of the lent edges of a hop, over the scope's <c>Containers</c>.</summary>
    public Coverage(DecisionScope scope, PlannedRelation lent, uint hop)
    {
        int missing = scope.Missing.Count;
        foreach (ref readonly PlannedEdges type in lent.Edges)
            if (type.Kind != SubjectKind.Userset && !IsEndless) Look(scope, type, hop);
        if (Truth == Truth.Member) scope.ForgetMissing(missing);
        scope.Consult(Truth == Truth.Member ? _longest : _next);
    }

    public Truth Truth { get; private set; } = Truth.NotMember;

    /// <summary>One of the edges that cover the resource and have a version, whatever its caveat.</summary>
    public LiveEdge Fact { get; private set; }

    /// <summary>No edge covers the resource.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Nothing that is still to be looked at can make it better.</summary>
    private readonly bool IsEndless => Truth == Truth.Member && _longest == Instant.Never;

    /// <summary>Goes through what is lent or through what covers, whichever is less.</summary>
    private void Look(DecisionScope scope, in PlannedEdges type, uint hop)
    {
        EdgeWords words = type.Of(hop);
        if (words.Length <= scope.Containers.Count)
        {
            while (!IsEndless && words.MoveNext())
                if (Covers(scope, type, EdgeCode.Number(words.Current))) Add(scope, type, hop, words.Current);
            return;
        }
        foreach (ObjectKey place in scope.Containers.Items)
        {
            scope.Step();
            if (place.Type == type.SubjectType && type.Store.TryFindWord(hop, place.Number, out uint word)) Add(scope, type, hop, word);
        }
    }

    private static bool Covers(DecisionScope scope, in PlannedEdges type, uint subject)
    {
        scope.Step();
        if (type.Kind != SubjectKind.Wildcard) return scope.Containers.Contains(new ObjectKey(type.SubjectType, subject));
        foreach (ObjectKey place in scope.Containers.Items)
            if (place.Type == type.SubjectType) return true;
        return false;
    }

    private void Add(DecisionScope scope, in PlannedEdges type, uint hop, uint word)
    {
        if (!type.IsSeen(scope, hop, word)) AddVersion(scope, type, hop, EdgeCode.Number(word));
        else (Truth, _longest, IsEmpty) = (Truth.Member, Instant.Never, false);
    }

    private void AddVersion(DecisionScope scope, in PlannedEdges type, uint hop, uint subject)
    {
        if (!type.Store.Versions.TryFind(hop, subject, scope.Revision, out EdgeVersion edge)) return;
        Instant change = edge.Window.NextChange(scope.Now);
        if (!edge.Window.Contains(scope.Now))
        {
            _next = Instant.Min(_next, change);
            return;
        }
        Truth truth = scope.Judge(edge.Caveat);
        if (truth == Truth.Member) _longest = Instant.Max(_longest, change);
        else _next = Instant.Min(_next, change);
        Truth = Finding.Or(new Finding(Truth, change), new Finding(truth, change)).Truth;
        (Fact, IsEmpty) = (new LiveEdge(type.Type, edge), false);
    }
}
