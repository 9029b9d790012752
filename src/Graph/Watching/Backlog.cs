using AuthzGraph.Model;

namespace AuthzGraph.Graph.Watching;

/// <summary>
/// The last published transactions, which all watchers share: the one who publishes adds, each watcher reads on from its own
/// revision. Past its bound the oldest are dropped; the newest is always there.
/// </summary>
internal sealed class Backlog(Revision start, int changesKept)
{
    private readonly Lock _gate = new();
    private readonly List<Committed?> _kept = [];       // dense by revision, the newest last; the first _dropped are gone
    private int _dropped;
    private long _weight;
    private Revision _head = start;
    private TaskCompletionSource? _waiting;
    private bool _closed;

    /// <summary>The newest transaction there is.</summary>
    public Revision Head
    {
        get { lock (_gate) return _head; }
    }

    public void Add(Committed next)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            Invariant.That(next.Revision == _head.Next);
            _kept.Add(next);
            _weight += next.Weight;
            _head = next.Revision;
            while (_weight > changesKept && _dropped < _kept.Count - 1) Drop();
            (waiting, _waiting) = (_waiting, null);
        }
        waiting?.SetResult();
    }

    /// <summary>
    /// Adds what came after a revision to <paramref name="into"/>, until that is <paramref name="most"/> changes; nothing when there is
    /// nothing newer. False when some of it is gone from here.
    /// </summary>
    public bool TryRead(Revision after, int most, List<Committed> into)
    {
        lock (_gate)
        {
            if (_closed) throw Rejections.Closed();
            long first = _kept.Count - (long)(_head.Value - after.Value);
            if (first < _dropped) return false;
            for (int i = (int)first, weight = 0; i < _kept.Count && weight < most; i++)
            {
                if (_kept[i] is not { } committed) return false;
                into.Add(committed);
                weight += committed.Weight;
            }
            return true;
        }
    }

    /// <summary>Completes once there is something newer than a revision, or nothing ever will be.</summary>
    public Task WaitAsync(Revision after)
    {
        lock (_gate)
        {
            if (_head > after || _closed) return Task.CompletedTask;
            _waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiting.Task;
        }
    }

    /// <summary>Ends every watch.</summary>
    public void Close()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _closed = true;
            (waiting, _waiting) = (_waiting, null);
        }
        waiting?.SetResult();
    }

    private void Drop()
    {
        _weight -= _kept[_dropped]?.Weight ?? 0;
        _kept[_dropped++] = null;
        if (_dropped * 2 <= _kept.Count) return;
        _kept.RemoveRange(0, _dropped);
        _dropped = 0;
    }
}
