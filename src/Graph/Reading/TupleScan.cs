using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Reading;

/// <summary>
/// Every tuple at a revision and instant, each once, in an order that only the revision decides: types as in the schema, resources by
/// number, which is the order in which they were first named, then edge types as in the schema, then subjects by number. So a scan
/// can go on later behind any tuple it gave out, and the tuples of one resource come together.
/// </summary>
/// <param name="filter">Which tuples; null: all.</param>
internal sealed class TupleScan(BoundSchema bound, ulong revision, Instant now, TupleFilter? filter = null)
{
    private const long BeforeAll = -1;

    private readonly ILookup<TypeId, EdgeType> _edgeTypes = bound.Schema.EdgeTypes
        .Where(type => filter is null || TupleReader.Matches(bound.Schema, type, filter))
        .ToLookup(type => bound.Schema[type.Relation].Type);

    public IEnumerable<RelationTuple> All() => bound.Schema.Types.SelectMany(type => OfType(type, 1));

    /// <summary>What follows a tuple that was there at this revision.</summary>
    /// <exception cref="RejectionException">There was no such tuple.</exception>
    public IEnumerable<RelationTuple> After(RelationTuple place)
    {
        ObjectType type = bound.Schema.FindType(place.Resource.Type) ?? throw Rejections.InvalidCursor();
        uint resource = bound[type.Id].Find(place.Resource.Id);
        EdgeType edgeType = _edgeTypes[type.Id].FirstOrDefault(e => IsOf(e, place)) ?? throw Rejections.InvalidCursor();
        uint subject = edgeType.Kind == SubjectKind.Wildcard ? EdgeStore.Wildcard : bound[edgeType.SubjectType].Find(place.Subject.Object.Id);
        return OfResource(edgeType, resource, subject)
            .Concat(_edgeTypes[type.Id].SkipWhile(e => e != edgeType).Skip(1).SelectMany(e => OfResource(e, resource, BeforeAll)))
            .Concat(OfType(type, resource + 1))
            .Concat(bound.Schema.Types.SkipWhile(t => t != type).Skip(1).SelectMany(t => OfType(t, 1)));
    }

    private bool IsOf(EdgeType type, in RelationTuple tuple) =>
        bound.Schema[type.Relation].Name == tuple.Relation
        && bound.Schema[type.SubjectType].Name == tuple.Subject.Object.Type
        && type.Kind == KindOf(tuple.Subject)
        && (type.SubjectRelation is not { } member || bound.Schema[member].Name == tuple.Subject.Relation);

    private static SubjectKind KindOf(in SubjectRef subject) =>
        subject.Object.IsWildcard ? SubjectKind.Wildcard : subject.Relation is null ? SubjectKind.Object : SubjectKind.Userset;

    private IEnumerable<RelationTuple> OfType(ObjectType type, uint first)
    {
        EdgeType[] edgeTypes = [.. _edgeTypes[type.Id]];
        if (edgeTypes.Length == 0) yield break;
        NameTable names = bound[type.Id];
        uint last = names.Count;
        if (filter?.ResourceId is { } only)
        {
            uint number = names.Find(only);
            (first, last) = number >= first ? (number, number) : (1, 0);
        }
        for (uint resource = Math.Max(first, 1); resource <= last; resource++)
        {
            if (filter?.ResourceIdPrefix is { } prefix && !names[resource].StartsWith(prefix, StringComparison.Ordinal)) continue;
            foreach (EdgeType edgeType in edgeTypes)
                foreach (RelationTuple tuple in OfResource(edgeType, resource, BeforeAll)) yield return tuple;
        }
    }

    /// <summary>The edges of one resource by their subjects' numbers, behind one of them.</summary>
    private IEnumerable<RelationTuple> OfResource(EdgeType type, uint resource, long afterSubject)
    {
        List<(uint Subject, Window Window, uint Caveat)>? edges = null;
        EdgeStore.Walk walk = bound[type.Id].OfResource(resource, revision);
        while (walk.MoveNext())
        {
            ref readonly EdgeVersion edge = ref walk.Current;
            if (edge.Subject > afterSubject && now < edge.Window.ExpiresAt) (edges ??= []).Add((edge.Subject, edge.Window, edge.Caveat));
        }
        if (edges is null) return [];
        edges.Sort(static (a, b) => a.Subject.CompareTo(b.Subject));
        IEnumerable<RelationTuple> tuples = edges.Select(e => TupleNames.Of(bound, type, resource, e.Subject, e.Window, e.Caveat));
        return filter?.Subject is { } subject ? tuples.Where(t => subject.Matches(t.Subject)) : tuples;
    }
}
