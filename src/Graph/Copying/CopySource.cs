using System.Collections.Immutable;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Graph.Storage.Offline;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Copying;

/// <summary>A directory that stands still, and which of its checkpoints and how much of its log go into a copy.</summary>
internal sealed class CopySource
{
    private readonly StoreView _store;
    private readonly ImmutableArray<CheckpointMark> _whole;

    public CopySource(StoreView store)
    {
        _store = store;
        _whole = [.. store.Manifest.Checkpoints.Where(mark => CheckpointChoice.ProblemOf(store.Checkpoints, mark) is null)];
    }

    /// <summary>The manifest with the checkpoints that are whole.</summary>
    public Manifest Manifest => _store.Manifest with { Checkpoints = _whole };

    public Instant ReservedInstant => StoreSlots.DecodeInstant(_store.InstantCopies.Content);

    /// <summary>Behind everything that the log holds.</summary>
    /// <exception cref="StoreFailedException">It is damaged.</exception>
    public LogPosition End()
    {
        LogScan scan = ScanFrom(_ => true);
        while (scan.TryNext(out _, out _)) { }
        long tail = scan.Tail.Address;
        if (tail < _store.Manifest.DurableUpTo || DamageSearch.FindWitness(_store.Pages, _store.Shape, tail) is not null)
            throw new StoreFailedException($"the log is damaged at {_store.Shape.PlaceOf(tail)}: verifying tells more, and restoring as of a revision before that may do")
            { Place = _store.Shape.PlaceOf(tail) };
        return scan.Tail;
    }

    /// <summary>Behind the last transaction that a point takes in.</summary>
    /// <exception cref="RejectionException">The log does not lead there.</exception>
    public LogPosition EndAt(RestorePoint point)
    {
        LogScan scan = ScanFrom(mark => point.TakesIn(mark.Position.Revision, mark.Position.CommittedAt), point);
        LogPosition end = scan.Tail;
        foreach (LogTransaction transaction in LogReplay.ReadToBreak(scan))
        {
            if (!point.TakesIn(transaction.Revision, transaction.CommittedAt)) break;
            end = scan.Tail;
        }
        if (point is RestorePoint.AtRevision { Revision: var asked } && end.Revision < asked) throw Rejections.RevisionAhead(asked, end.Revision);
        return end;
    }

    private LogScan ScanFrom(Func<CheckpointMark, bool> isFarEnough, RestorePoint? point = null)
    {
        if (_whole.Where(isFarEnough).Select(mark => (LogPosition?)mark.Position).FirstOrDefault() is { } position) return _store.ScanFrom(position);
        if (_store.Manifest.Begin == LogPosition.Origin) return _store.ScanFrom(LogPosition.Origin);
        throw point is not null && _whole is [.., var oldest]
            ? Rejections.NotRestorable(oldest.Position.Revision, oldest.Position.CommittedAt)
            : new StoreFailedException("no checkpoint is whole, and the log does not reach back to its beginning");
    }
}
