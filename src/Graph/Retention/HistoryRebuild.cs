using System.Diagnostics;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Retention;

/// <summary>
/// Puts history back behind a store that was opened from a checkpoint and serves already. The log before the checkpoint is read backwards, and what
/// each transaction changed is put into the index as what it was: what it wrote begins there, and what it replaced, which the log says in
/// full, ends there. So with every transaction one more revision can be read, the newest first, and it may stop anywhere.
///
/// It goes back as far as time and bytes of the retention allow, and no further than the last horizon that the log tells of: numbers were given out
/// again then that stood for something else before it. The writer's sequencer calls <see cref="Run"/>, between requests, for a slice at a
/// time; the log is read on another thread.
/// </summary>
internal sealed class HistoryRebuild(GraphIndex index, History history, PastSchemas schemas, Reclaimer reclaimer, TimeProvider time, Limits limits)
{
    private const int EntriesAtOnce = 1_024;
    private const int EntriesBetweenLooks = 64;     // at the clock and at the bytes

    private readonly Revision _loaded = index.Horizon.Revision;
    private readonly Queue<LogTransaction> _batch = [];
    private LogTransaction? _current;
    private int _entriesLeft;
    private Instant _oldest;
    private bool _isDone;

    /// <summary>Why history ends sooner than the retention says, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads the log and has its transactions put back, until history is whole or can't be.</summary>
    /// <param name="between">Has <see cref="Run"/> called by the sequencer until it is done with what it was given, and waits for that.</param>
    public void ReadBack(ITransactionLog log, Action between, CancellationToken cancellation)
    {
        try
        {
            if (index.Horizon.IsRebuilding) PutBack(log, between, cancellation);
        }
        catch (IOException damage)
        {
            between();      // what was read before the damage
            Problem = EndsHere(damage.Message);
        }
        catch (RejectionException stopped)
        {
            Problem = EndsHere(stopped.Message);
            throw;
        }
        finally
        {
            index.Horizon.RaiseLowest(index.Horizon.Revision);
        }
    }

    private string EndsHere(string why) => $"history ends at revision {index.Horizon.Revision}: {why}";

    /// <summary>Works for about so long; true while there is more to do at once.</summary>
    public bool Run(TimeSpan atMost)
    {
        long start = Stopwatch.GetTimestamp();
        while (!_isDone && (_current is not null || _batch.Count > 0))
        {
            if (_current is null) Begin(_batch.Dequeue());
            else PutBackSome(_current);
            _isDone |= reclaimer.HistoryBytes > limits.HistoryBytes;
            if (Stopwatch.GetElapsedTime(start) >= atMost) return true;
        }
        return false;
    }

    private void PutBack(ITransactionLog log, Action between, CancellationToken cancellation)
    {
        _oldest = Instant.Max(index.Horizon.Instant, Instant.From(time.GetUtcNow()).Plus(-(long)limits.Retention.TotalMicroseconds));
        schemas.Compile();
        int entries = 0;
        foreach (LogTransaction transaction in log.ReadBack(cancellation))
        {
            _batch.Enqueue(transaction);
            entries += transaction.Entries.Count + 1;
            if (entries < EntriesAtOnce) continue;
            between();
            if (_isDone) return;
            entries = 0;
        }
        between();
    }

    /// <summary>The revision of a transaction can be read now: all that came after it is undone. Is that far enough?</summary>
    private void Begin(LogTransaction transaction)
    {
        if (transaction.Revision < index.Horizon.Lowest)
        {
            _isDone = true;
            return;
        }
        if (transaction.Revision < _loaded) Reach(transaction.Revision, transaction.CommittedAt);
        _isDone = transaction.CommittedAt <= _oldest || !index.Horizon.IsRebuilding;
        (_current, _entriesLeft) = (transaction, transaction.Entries.Count);
    }

    private void Reach(Revision revision, Instant committedAt)
    {
        if (revision.Value > 0) history.PutBack(revision, committedAt);
        index.Horizon.Lower(revision);
    }

    private void PutBackSome(LogTransaction transaction)
    {
        int until = Math.Max(0, _entriesLeft - EntriesBetweenLooks);
        while (_entriesLeft > until)
        {
            if (TryPutBack(transaction.Revision, transaction.Entries[_entriesLeft - 1])) _entriesLeft--;
            else
            {
                _isDone = true;
                return;
            }
        }
        if (_entriesLeft > 0) return;
        _current = null;
        if (transaction.Revision.Value == 1) Reach(default, Instant.Beginning);
    }

    private bool TryPutBack(Revision revision, in LogEntry entry)
    {
        switch (entry.Kind)
        {
            case LogEntryKind.Horizon:
                index.Horizon.RaiseLowest(new Revision(entry.Digest));
                return true;
            case LogEntryKind.Schema:
                if (schemas.Take() is { } before) history.PutBackSchema(before);
                return true;
            default:
                return index.TryPutBack(revision, entry, _loaded);
        }
    }
}
