using AuthzGraph.Model;

namespace AuthzGraph.Graph.Watching;

/// <summary>
/// When the windows of the tuples one watcher hears of open and close: a heap of ends, and the tuples as they are, by which ends that
/// were replaced are told from those that count.
/// </summary>
/// <param name="after">Ends up to here are past.</param>
internal sealed class WindowTimes(Instant after, int limit)
{
    private const int FewEnds = 64;
    private const int EndsPerTuple = 4;     // two count

    private readonly Dictionary<(ObjectRef, string, SubjectRef), (RelationTuple Tuple, long Version)> _tuples = [];
    private readonly PriorityQueue<End, Instant> _ends = new();
    private long _versions;

    /// <summary>The next instant at which something may open or close; <see cref="Instant.Never"/> when nothing will.</summary>
    public Instant Next => _ends.TryPeek(out _, out Instant at) ? at : Instant.Never;

    public void Apply(TupleChange change, Instant committedAt)
    {
        if (change.Kind == TupleChangeKind.Deleted) _tuples.Remove(Key(change.Tuple));
        else Add(change.Tuple, Instant.Max(after, committedAt));
    }

    /// <summary>Takes a tuple over: its ends after an instant are still to come.</summary>
    public void Add(in RelationTuple tuple, Instant since)
    {
        bool opens = tuple.Window.NotBefore > since;
        bool closes = tuple.Window.ExpiresAt.IsFinite && tuple.Window.ExpiresAt > since;
        if (!opens && !closes)
        {
            _tuples.Remove(Key(tuple));
            return;
        }
        long version = ++_versions;
        _tuples[Key(tuple)] = (tuple, version);
        if (_tuples.Count > limit) throw Rejections.WatchedWindows(limit);
        if (opens) _ends.Enqueue(new End(Key(tuple), version, WindowChangeKind.Opened), tuple.Window.NotBefore);
        if (closes) _ends.Enqueue(new End(Key(tuple), version, WindowChangeKind.Closed), tuple.Window.ExpiresAt);
        if (_ends.Count > FewEnds + EndsPerTuple * _tuples.Count) ForgetReplaced();
    }

    /// <summary>Takes out what opens and closes at <see cref="Next"/>: closings first, then by the tuple's text. May be nothing.</summary>
    public List<WindowChange> Take()
    {
        List<WindowChange> changes = [];
        Instant at = Next;
        while (_ends.TryPeek(out End end, out Instant its) && its == at)
        {
            _ends.Dequeue();
            if (!Counts(end, out RelationTuple tuple)) continue;
            changes.Add(new WindowChange(end.Kind, tuple));
            if (end.Kind == WindowChangeKind.Closed || !tuple.Window.ExpiresAt.IsFinite) _tuples.Remove(end.Key);
        }
        return [.. changes.OrderByDescending(c => c.Kind).ThenBy(c => c.Tuple.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>Whether a tuple still has an end; if not, it was replaced or deleted.</summary>
    private bool Counts(in End end, out RelationTuple tuple)
    {
        bool isThere = _tuples.TryGetValue(end.Key, out (RelationTuple Tuple, long Version) known);
        tuple = known.Tuple;
        return isThere && known.Version == end.Version;
    }

    private void ForgetReplaced()
    {
        (End, Instant)[] counting = [.. _ends.UnorderedItems.Where(end => Counts(end.Element, out _))];
        _ends.Clear();
        _ends.EnqueueRange(counting);
    }

    private static (ObjectRef, string, SubjectRef) Key(in RelationTuple tuple) => (tuple.Resource, tuple.Relation, tuple.Subject);

    private readonly record struct End((ObjectRef, string, SubjectRef) Key, long Version, WindowChangeKind Kind);
}
