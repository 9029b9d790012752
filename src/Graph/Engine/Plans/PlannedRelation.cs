using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine.Plans;

/// <summary>The edges of one relation, over all its edge types in the schema's order: what chains read, windows and all.</summary>
/// <param name="resources">The names of what the edges are of.</param>
internal sealed class PlannedRelation(PlannedEdges[] edges, NameTable? resources)
{
    /// <summary>What a type that does not declare a relation has instead: no edge.</summary>
    public static readonly PlannedRelation None = new([], resources: null);

    public bool IsDeclared => this != None;

    public ReadOnlySpan<PlannedEdges> Edges => edges;

    /// <summary>Takes note that a resource's edges, or that there are none, count for the chain at hand.</summary>
    public void Consult(DecisionScope scope, uint resource)
    {
        if (resources is not null && scope.Chains.Learns) scope.Chains.Read(resources.MarkOf(resource));
    }

    public EdgeWalk Walk(uint resource, ulong revision) => new(edges, revision, resource);

    /// <summary>Has the processor fetch what a resource's edges are told by.</summary>
    public void Prefetch(uint resource)
    {
        foreach (ref readonly PlannedEdges type in Edges) type.Store.Prefetch(resource);
    }

    /// <summary>Once that is there: where the version of its one edge of a type is told, if it has one.</summary>
    public void PrefetchVersions(uint resource)
    {
        foreach (ref readonly PlannedEdges type in Edges)
            if (type.Of(resource).TryGetOnly(out uint word) && (word & EdgeCode.Versioned) != 0) type.Store.Versions.Prefetch(resource, EdgeCode.Number(word));
    }

    /// <summary>The object that the only edge of a type leads to, whatever is to be said of it; null if there are none or several.</summary>
    public ObjectKey? Only(uint resource)
    {
        foreach (ref readonly PlannedEdges type in Edges)
            if (type.Of(resource).TryGetOnly(out uint word)) return new ObjectKey(type.SubjectType, EdgeCode.Number(word));
        return null;
    }

    /// <summary>The number of live edges; the last subject seen is <paramref name="subject"/>.</summary>
    public int CountLive(DecisionScope scope, uint resource, out ObjectKey subject)
    {
        Consult(scope, resource);
        subject = default;
        int count = 0;
        foreach (ref readonly PlannedEdges type in Edges)
        {
            EdgeWords words = type.Of(resource);
            while (words.MoveNext())
            {
                if (!type.IsLive(scope, resource, words.Current, out ObjectKey seen)) continue;
                subject = seen;
                count++;
            }
        }
        return count;
    }

    /// <summary>The number of live edges; the last one seen is <paramref name="edge"/>.</summary>
    public int CountLive(DecisionScope scope, uint resource, out LiveEdge edge)
    {
        Consult(scope, resource);
        edge = default;
        int count = 0;
        foreach (ref readonly PlannedEdges type in Edges)
        {
            EdgeWords words = type.Of(resource);
            while (words.MoveNext())
                if (type.IsLive(scope, resource, words.Current, ref edge)) count++;
        }
        return count;
    }

    /// <summary>Whether there is a live edge; the first is <paramref name="edge"/>.</summary>
    public bool HasLive(DecisionScope scope, uint resource, out LiveEdge edge)
    {
        Consult(scope, resource);
        edge = default;
        foreach (ref readonly PlannedEdges type in Edges)
        {
            EdgeWords words = type.Of(resource);
            while (words.MoveNext())
                if (type.IsLive(scope, resource, words.Current, ref edge)) return true;
        }
        return false;
    }

    /// <summary>Whether a live edge leads to an object or to everything of its type.</summary>
    public bool HasLiveTo(DecisionScope scope, uint resource, ObjectKey subject)
    {
        Consult(scope, resource);
        foreach (ref readonly PlannedEdges type in Edges)
        {
            if (type.SubjectType != subject.Type || type.Kind == SubjectKind.Userset) continue;
            uint number = type.Kind == SubjectKind.Wildcard ? EdgeStore.Wildcard : subject.Number;
            if (type.Store.TryFindWord(resource, number, out uint word) && type.IsLive(scope, resource, word, out _)) return true;
        }
        return false;
    }

    /// <summary>Whether an edge is known: live, still to come, or not long past its end.</summary>
    public bool HasKnown(DecisionScope scope, uint resource)
    {
        Consult(scope, resource);
        EdgeWalk walk = Walk(resource, scope.Revision);
        while (walk.MoveNext())
        {
            scope.Step();
            scope.Consult(walk.Window.NextChange(scope.Now));
            if (scope.IsKnown(walk.Window)) return true;
        }
        return false;
    }

    /// <summary>The edge to one object, whatever its window.</summary>
    public bool TryFind(DecisionScope scope, uint resource, ObjectKey subject, out LiveEdge edge)
    {
        Consult(scope, resource);
        foreach (ref readonly PlannedEdges type in Edges)
        {
            if (type.Kind != SubjectKind.Object || type.SubjectType != subject.Type) continue;
            if (!type.Store.TryFind(resource, subject.Number, scope.Revision, out EdgeVersion version)) continue;
            edge = new LiveEdge(type.Type, version);
            return true;
        }
        edge = default;
        return false;
    }
}
