using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index;

/// <summary>
/// All edges of one type that a revision sees, a slice at a time, resources in ascending order. Between slices nothing is held on
/// to; the caller keeps the revision readable.
/// </summary>
internal sealed class EdgeScan(GraphIndex index, EdgeStore edges, ulong revision, Instant instant)
{
    private const int SliceEdges = 256;

    private readonly List<uint> _resources = [];
    private readonly List<EdgeVersion> _slice = [];
    private int _next;
    private uint _from;
    private uint? _after;
    private bool _hasMore = true;

    /// <summary>The edges in slices; each is overwritten by the next. Rejects when the revision has gone behind the horizon.</summary>
    public IEnumerable<List<EdgeVersion>> Slices()
    {
        while (_next < _resources.Count || _hasMore)
        {
            Read();
            yield return _slice;
        }
    }

    private void Read()
    {
        _slice.Clear();
        using Epochs.Stay stay = index.Enter(new Revision(revision), instant);
        if (_next == _resources.Count) ReadResources();
        while (_next < _resources.Count && _slice.Count < SliceEdges) ReadEdges(_resources[_next]);
    }

    private void ReadResources()
    {
        _resources.Clear();
        _next = 0;
        _hasMore = edges.NextResources(ref _from, _resources);
    }

    private void ReadEdges(uint resource)
    {
        EdgeListWalk walk = edges.OfResource(resource, revision, _after);
        while (walk.MoveNext())
        {
            _slice.Add(walk.Current);
            _after = walk.Current.Subject;
            if (_slice.Count >= SliceEdges) return;
        }
        _after = null;
        _next++;
    }
}
