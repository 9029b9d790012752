using System.Text;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Reading;

/// <summary>
/// Every tuple at a revision and instant, each once, in an order that only the revision decides: types as in the schema, resources by
/// number, then edge types as in the schema, then subjects by number. So a scan can go on later behind any tuple it gave out, and
/// the tuples of one resource come together. It reads a slice at a time and holds on to nothing but numbers between slices.
/// </summary>
/// <param name="filter">Which tuples; null: all.</param>
internal sealed class OrderedScan(BoundSchema bound, ulong revision, Instant now, TupleFilter? filter = null)
{
    private const int SliceSteps = 256;

    private readonly Epochs.Reader _reader = bound.Index.Memory.Epochs.NewReader();
    private readonly EdgeType[][] _edgeTypes = [.. bound.Schema.Types.Select(type => EdgeTypesOf(bound.Schema, type, filter))];
    private readonly byte[]? _prefix = filter?.ResourceIdPrefix is { } prefix ? Encoding.UTF8.GetBytes(prefix) : null;
    private readonly List<RelationTuple> _found = [];

    /// <summary>Where a scan stands: in the list of one resource's edges of one type, behind one subject if there is one.</summary>
    private readonly record struct Place(int Type, uint Resource, int EdgeType, uint? After);

    /// <exception cref="RejectionException">While it is enumerated: the revision has gone behind the horizon.</exception>
    public IEnumerable<RelationTuple> All() => From(new Place(0, 1, 0, null));

    /// <summary>What follows a tuple that was there at this revision.</summary>
    /// <exception cref="RejectionException">There was no such tuple.</exception>
    public IEnumerable<RelationTuple> After(RelationTuple tuple)
    {
        ObjectType type = bound.Schema.FindType(tuple.Resource.Type) ?? throw Rejections.InvalidCursor();
        int edgeType = Array.FindIndex(_edgeTypes[type.Id.Value], e => IsOf(e, tuple));
        if (edgeType < 0) throw Rejections.InvalidCursor();
        _reader.Enter();
        try
        {
            EdgeType found = _edgeTypes[type.Id.Value][edgeType];
            uint subject = found.Kind == SubjectKind.Wildcard ? EdgeStore.Wildcard : bound[found.SubjectType].Find(tuple.Subject.Object.Id);
            return From(new Place(type.Id.Value, bound[type.Id].Find(tuple.Resource.Id), edgeType, subject));
        }
        finally
        {
            _reader.Leave();
        }
    }

    private IEnumerable<RelationTuple> From(Place start)
    {
        for (Place? place = start; place is { } from;)
        {
            place = ReadSlice(from);
            foreach (RelationTuple tuple in _found) yield return tuple;
        }
    }

    /// <summary>Fills <see cref="_found"/> and says where to go on; null at the end.</summary>
    private Place? ReadSlice(Place from)
    {
        _found.Clear();
        _reader.Enter();
        try
        {
            bound.Index.Horizon.Expect(new Revision(revision), now);
            Place? place = from;
            for (int steps = SliceSteps; place is { } at && steps > 0; steps--) place = Step(at, ref steps);
            return place;
        }
        finally
        {
            _reader.Leave();
        }
    }

    private Place? Step(Place at, ref int steps)
    {
        if (at.Type == _edgeTypes.Length) return null;
        EdgeType[] edgeTypes = _edgeTypes[at.Type];
        (uint first, uint last) = Resources(bound[new TypeId((ushort)at.Type)]);
        if (edgeTypes.Length == 0 || at.Resource > last) return new Place(at.Type + 1, 1, 0, null);
        if (at.Resource < first) return at with { Resource = first };
        if (at.EdgeType == edgeTypes.Length || !HasPrefix(at)) return new Place(at.Type, at.Resource + 1, 0, null);
        EdgeType type = edgeTypes[at.EdgeType];
        EdgeListWalk walk = bound[type.Id].OfResource(at.Resource, revision, at.After);
        for (; steps > 0; steps--)
        {
            if (!walk.MoveNext()) return at with { EdgeType = at.EdgeType + 1, After = null };
            EdgeVersion edge = walk.Current;
            at = at with { After = edge.Subject };
            Take(type, edge);
        }
        return at;
    }

    /// <summary>The numbers of the resources to look at.</summary>
    private (uint First, uint Last) Resources(NameTable names)
    {
        if (filter?.ResourceId is not { } only) return (1, names.Last);
        uint number = names.Find(only);
        return (Math.Max(number, 1), number);
    }

    private bool HasPrefix(in Place at)
    {
        if (_prefix is null || at is not { EdgeType: 0, After: null }) return true;
        NameTable names = bound[new TypeId((ushort)at.Type)];
        return names.IsBound(at.Resource) && names.TextOf(at.Resource).StartsWith(_prefix);
    }

    private void Take(EdgeType type, in EdgeVersion edge)
    {
        if (now >= edge.Window.ExpiresAt) return;
        RelationTuple tuple = TupleNames.Of(bound, type, edge.Resource, edge.Subject, edge.Window, edge.Caveat);
        if (filter?.Subject is not { } subject || subject.Matches(tuple.Subject)) _found.Add(tuple);
    }

    private bool IsOf(EdgeType type, in RelationTuple tuple) =>
        bound.Schema[type.Relation].Name == tuple.Relation
        && bound.Schema[type.SubjectType].Name == tuple.Subject.Object.Type
        && type.Kind == KindOf(tuple.Subject)
        && (type.SubjectRelation is not { } member || bound.Schema[member].Name == tuple.Subject.Relation);

    private static SubjectKind KindOf(in SubjectRef subject) =>
        subject.Object.IsWildcard ? SubjectKind.Wildcard : subject.Relation is null ? SubjectKind.Object : SubjectKind.Userset;

    private static EdgeType[] EdgeTypesOf(CompiledSchema schema, ObjectType type, TupleFilter? filter) =>
        [.. schema.EdgeTypes.Where(edge => schema[edge.Relation].Type == type.Id && (filter is null || TupleReader.Matches(schema, edge, filter)))];
}
