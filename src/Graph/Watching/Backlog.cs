using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Collections;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Watching;

/// <summary>
/// The last published transactions, which all watchers share: the one who publishes adds, each watcher reads on from its own
/// revision. Past its bound the oldest are dropped; the newest is always there. All but the newest few lie as bytes, many in one
/// array: tens of thousands of small objects that live for a second would hold up every writer whenever garbage is collected.
/// </summary>
internal sealed class Backlog(Revision start, int changesKept)
{
    /// <summary>How many of the newest are kept as they are, for watchers that keep up, as long as there are any.</summary>
    private const int KeptWhole = 256;

    private readonly Lock _gate = new();
    private readonly PieceQueue<Kept> _kept = new();       // dense by revision, the newest last
    private readonly EncodedTransactions _encoded = new();
    private long _weight;
    private Revision _head = start;
    private Revision _read = start;     // the newest when somebody last read or waited
    private bool _isRead;
    private TaskCompletionSource? _waiting;
    private bool _closed;

    /// <summary>One transaction.</summary>
    /// <param name="Whole">Null: it has to be read from its bytes.</param>
    private readonly record struct Kept(EncodedTransaction Encoded, Instant CommittedAt, BoundSchema? Bound, int Weight, Committed? Whole);

    /// <summary>What all that read from here look names up with.</summary>
    public EdgeNames Names { get; } = new();

    /// <summary>The newest transaction there is.</summary>
    public Revision Head
    {
        get { lock (_gate) return _head; }
    }

    public void Add(Published published, LogTransaction transaction)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            Invariant.That(published.Revision == _head.Next);
            bool isRead = _waiting is not null || _isRead && _head.Value - _read.Value <= KeptWhole;
            int weight = transaction.Entries.Count;
            Committed? whole = isRead ? new Committed(published, transaction, Names) : null;
            _kept.Add(new Kept(_encoded.Add(transaction), published.CommittedAt, published.Bound, weight, whole));
            _weight += weight;
            _head = published.Revision;
            if (_kept.Count - 1 - KeptWhole is >= 0 and var old) _kept[old] = _kept[old] with { Whole = null };
            while (_weight > changesKept && _kept.Count > 1) Drop();
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
        List<(Published Published, EncodedTransaction Encoded)>? encoded = null;
        int at = into.Count;
        lock (_gate)
        {
            if (_closed) throw Rejections.Closed();
            (_read, _isRead) = (_head, true);
            long first = _kept.Count - (long)(_head.Value - after.Value);
            if (first < 0) return false;
            for (int i = (int)first, weight = 0; i < _kept.Count && weight < most; weight += _kept[i++].Weight)
            {
                Kept kept = _kept[i];
                if (kept.Whole is { } whole) into.Add(whole);
                else (encoded ??= []).Add((new Published(new Revision(_head.Value - (ulong)(_kept.Count - 1 - i)), kept.CommittedAt, kept.Bound), kept.Encoded));
            }
        }
        // read outside: the one who publishes waits for nobody's reading
        if (encoded is not null) into.InsertRange(at, encoded.Select(e => new Committed(e.Published, e.Encoded.Read(e.Published.Revision, e.Published.CommittedAt), Names)));
        return true;
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
        _weight -= _kept.Oldest.Weight;
        _kept[0] = default;
        _kept.Drop();
    }
}
