using System.Text;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Reading;

/// <summary>The tuples of one edge type that a filter matches, a slice at a time; between slices it holds on to nothing but numbers.</summary>
internal sealed class TupleScan(BoundSchema bound, EdgeType type, ulong revision, Instant now, TupleFilter filter)
{
    private const int SliceEdges = 256;

    private readonly EdgeStore _edges = bound[type.Id];
    private readonly NameTable _resources = bound[bound.Schema[type.Relation].Type];
    private readonly NameTable _subjects = bound[type.SubjectType];
    private readonly byte[]? _prefix = filter.ResourceIdPrefix is { } prefix ? Encoding.UTF8.GetBytes(prefix) : null;
    private readonly List<uint> _left = [];     // resources to go through
    private int _next;
    private uint _from;
    private uint? _after;
    private bool _isDone;

    /// <summary>What the last slice found.</summary>
    public List<RelationTuple> Found { get; } = [];

    /// <summary>Reads the next slice; false when there is none.</summary>
    /// <exception cref="RejectionException">The revision has gone behind the horizon.</exception>
    public bool Read()
    {
        Found.Clear();
        if (_isDone) return false;
        using Epochs.Stay stay = bound.Index.Enter(new Revision(revision), now);
        ReadSlice();
        return true;
    }

    private void ReadSlice()
    {
        uint? resource = filter.ResourceId is { } id ? _resources.Find(id) : null;
        uint? subject = filter.Subject?.Id is { } name ? type.Kind == SubjectKind.Wildcard ? EdgeStore.Wildcard : _subjects.Find(name) : null;
        bool isNobody = resource == 0 || subject == 0 && type.Kind != SubjectKind.Wildcard;
        switch (isNobody, resource, subject)
        {
            case (true, _, _): _isDone = true; break;
            case (_, { } one, { } other): ReadOne(one, other); break;
            case (_, { } one, null): _isDone = ReadWalk(_edges.OfResource(one, revision, _after), SliceEdges, edge => edge.Subject); break;
            case (_, null, { } other): _isDone = ReadWalk(_edges.OfSubject(other, revision, _after), SliceEdges, edge => edge.Resource); break;
            default: ReadAll(); break;
        }
    }

    private void ReadOne(uint resource, uint subject)
    {
        if (_edges.TryFind(resource, subject, revision, out EdgeVersion edge)) Take(edge);
        _isDone = true;
    }

    private void ReadAll()
    {
        if (_next == _left.Count)
        {
            _left.Clear();
            (_next, _isDone) = (0, !_edges.NextResources(ref _from, _left));
        }
        int budget = SliceEdges;
        for (; _next < _left.Count && budget > 0; budget--)
        {
            if (_prefix is not null && !_resources.TextOf(_left[_next]).StartsWith(_prefix)) _next++;
            else if (ReadWalk(_edges.OfResource(_left[_next], revision, _after), budget, edge => edge.Subject)) (_next, _after) = (_next + 1, null);
            budget -= Found.Count;
        }
        _isDone &= _next == _left.Count;
    }

    /// <summary>Takes edges of one list, so many at most; says whether that was all of it.</summary>
    private bool ReadWalk(EdgeListWalk walk, int most, Func<EdgeVersion, uint> last)
    {
        for (; most > 0; most--)
        {
            if (!walk.MoveNext()) return true;
            _after = last(walk.Current);
            Take(walk.Current);
        }
        return false;
    }

    private void Take(in EdgeVersion edge)
    {
        if (now >= edge.Window.ExpiresAt || _prefix is not null && !_resources.TextOf(edge.Resource).StartsWith(_prefix)) return;
        Found.Add(TupleNames.Of(bound, type, edge.Resource, edge.Subject, edge.Window, edge.Caveat));
    }
}
