using AuthzGraph.Graph.Retention;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Watching;

/// <summary>
/// Where watchers get transactions from: what is recent from the shared backlog, what is older from the log, a few watchers at a
/// time. Only what is published is ever handed out, so only what is durable.
/// </summary>
internal sealed class ChangeFeed(ITransactionLog log, History history, Limits limits)
{
    /// <summary>How many changes a watcher takes at once.</summary>
    public const int BatchChanges = 4_096;

    private readonly SemaphoreSlim _catchUps = new(limits.WatchCatchUps);
    private volatile bool _closed;
    private readonly Backlog _backlog = new(history.Head.Revision, limits.WatchBacklog);

    public void Publish(Published published, LogTransaction transaction) => _backlog.Add(published, transaction);

    public bool TryReadRecent(Revision after, List<Committed> into) => _backlog.TryRead(after, BatchChanges, into);

    public Task WaitAsync(Revision after) => _backlog.WaitAsync(after);

    /// <summary>Adds a batch of what came after a revision, out of the log.</summary>
    public async ValueTask ReadLogAsync(Revision after, List<Committed> into, CancellationToken cancellation)
    {
        await _catchUps.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_closed) throw Rejections.Closed();
            await OwnThread.RunAsync(() => ReadLog(after, into), cancellation).ConfigureAwait(false);
        }
        finally
        {
            _catchUps.Release();
        }
    }

    /// <summary>The oldest revision whose changes are all still there to be read, at an instant.</summary>
    public Revision Oldest(Instant now)
    {
        Revision retained = history.NewestAt(now.Plus(-(long)limits.Retention.TotalMicroseconds));
        Revision kept = new(log.Oldest.Value - 1);
        return new Revision(Math.Max(Math.Max(retained.Value, kept.Value), history.Oldest.Value));
    }

    /// <summary>Ends every watch; once it completes nobody reads the log any more.</summary>
    public async Task CloseAsync()
    {
        _closed = true;
        _backlog.Close();
        for (int i = 0; i < limits.WatchCatchUps; i++) await _catchUps.WaitAsync().ConfigureAwait(false);
        _catchUps.Release(limits.WatchCatchUps);        // whoever comes now is told so
    }

    private void ReadLog(Revision after, List<Committed> into)
    {
        Revision head = history.Head.Revision;
        int weight = 0;
        foreach (LogTransaction transaction in log.ReadFrom(after.Next))
        {
            if (transaction.Revision > head || weight >= BatchChanges) return;
            var committed = new Committed(history.At(transaction.Revision), transaction, _backlog.Names);
            into.Add(committed);
            weight += committed.Weight;
        }
    }
}
