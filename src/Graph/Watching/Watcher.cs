using System.Runtime.CompilerServices;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Watching;

/// <summary>
/// One watch. It takes transactions in order from the feed, puts openings and closings of windows between them where their instants
/// belong, and says nothing of what was not asked for.
///
/// A window that opens at an instant is told once no transaction at or before that instant can come any more: before the clock's
/// word is taken for it, the writer has published whatever it had begun.
/// </summary>
internal sealed class Watcher(Watches watches, WatchRequest request, Published start, Instant windowsAfter)
{
    private readonly List<Committed> _batch = [];
    private Published _told = start;
    private WindowTimes? _windows;
    private Instant _checkpointAt = Instant.Beginning;
    private bool _joined;
    private bool _caughtUp;

    public async IAsyncEnumerable<WatchEvent> RunAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using IDisposable presence = watches.Enter();
        if (Wants(WatchKinds.Windows))
            _windows = await Task.Run(() => watches.WindowsAt(_told, windowsAfter, request.Filters), cancellation).ConfigureAwait(false);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            Instant now = watches.Now;
            bool windowsDue = _windows is not null && (_windows.Next <= now || IsCheckpointDue(now));
            if (windowsDue) await watches.SettleAsync().ConfigureAwait(false);
            await TakeBatchAsync(cancellation).ConfigureAwait(false);
            foreach (WatchEvent told in _batch.SelectMany(Tell)) yield return Said(told);
            if (_batch.Count > 0) continue;
            if (windowsDue)
                foreach (WatchEvent told in WindowsUpTo(now)) yield return Said(told);
            if (IsCheckpointDue(now)) yield return Said(new WatchEvent.Checkpoint(_told.Revision, now, watches.TokenOf(_told)));
            _caughtUp = true;
            await watches.WaitAsync(_told.Revision, NextInstant(), cancellation).ConfigureAwait(false);
        }
    }

    private bool Wants(WatchKinds kind) => request.Kinds.HasFlag(kind);

    /// <summary>One when it has caught up, and then after every silence.</summary>
    private bool IsCheckpointDue(Instant now) => Wants(WatchKinds.Checkpoints) && (_checkpointAt <= now || !_caughtUp);

    private Instant NextInstant()
    {
        Instant next = _windows?.Next ?? Instant.Never;
        return Wants(WatchKinds.Checkpoints) ? Instant.Min(next, _checkpointAt) : next;
    }

    private WatchEvent Said(WatchEvent told)
    {
        if (Wants(WatchKinds.Checkpoints)) _checkpointAt = watches.Now.Plus((long)request.CheckpointEvery.TotalMicroseconds);
        return told;
    }

    private async ValueTask TakeBatchAsync(CancellationToken cancellation)
    {
        _batch.Clear();
        if (watches.Feed.TryReadRecent(_told.Revision, _batch)) _joined = true;
        else if (_joined) throw Rejections.WatchTooSlow(watches.Limits.WatchBacklog, _told.Revision, watches.TokenOf(_told));
        else
        {
            _batch.Clear();
            watches.ExpectKept(_told.Revision);
            await watches.Feed.ReadLogAsync(_told.Revision, _batch, cancellation).ConfigureAwait(false);
            Invariant.That(_batch.Count > 0);
        }
        if (_batch.Count == 0) return;
        watches.ExpectKept(_told.Revision);
        Invariant.That(_batch[0].Revision == _told.Revision.Next);
    }

    private IEnumerable<WatchEvent> Tell(Committed committed)
    {
        foreach (WatchEvent told in WindowsUpTo(committed.CommittedAt)) yield return told;
        _told = committed.Published;
        string token = watches.TokenOf(_told);
        if (committed.HasSchema && Wants(WatchKinds.Schemas) && _told.Bound is { } bound)
            yield return new WatchEvent.SchemaChanged(_told.Revision, _told.CommittedAt, token, bound.Schema);
        if (!Wants(WatchKinds.Changes) && _windows is null) yield break;
        TupleChange[] matching = [.. committed.Changes.Where(Matches)];
        foreach (TupleChange change in matching) _windows?.Apply(change, committed.CommittedAt);
        if (!Wants(WatchKinds.Changes)) yield break;
        int said = 0;
        foreach (TupleChange[] part in matching.Chunk(watches.Limits.TuplesPerMessage))
        {
            said += part.Length;
            yield return new WatchEvent.Changed(_told.Revision, _told.CommittedAt, said == matching.Length ? token : null, [.. part], committed.MetadataJson);
        }
    }

    private bool Matches(TupleChange change)
    {
        if (request.Filters.IsEmpty) return true;
        foreach (TupleFilter filter in request.Filters)
            if (filter.Matches(change.Tuple)) return true;
        return false;
    }

    private IEnumerable<WatchEvent> WindowsUpTo(Instant until)
    {
        while (_windows is not null && _windows.Next <= until)
        {
            Instant at = _windows.Next;
            List<WindowChange> changes = _windows.Take();
            int said = 0;
            foreach (WindowChange[] part in changes.Chunk(watches.Limits.TuplesPerMessage))
            {
                said += part.Length;
                yield return new WatchEvent.WindowsChanged(_told.Revision, at, said == changes.Count ? watches.TokenOf(_told) : null, [.. part]);
            }
        }
    }
}
