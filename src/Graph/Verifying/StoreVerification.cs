using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Offline;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Verifying;

/// <summary>
/// Proves that a directory holds a store that loses nothing when it is opened: the small files, then the log's frames and chain, then the
/// checkpoints, then that checkpoints and log agree, then that the index agrees with both. Changes nothing.
/// </summary>
internal sealed class StoreVerification(StoreView store, IProgress<StoreProgress>? progress, CancellationToken cancellation)
{
    private readonly Findings _findings = new();

    public VerificationReport Run()
    {
        Check(store.ManifestCopies);
        Check(store.InstantCopies);
        LogVerification log = new(store, _findings, progress, cancellation);
        log.Run();
        CheckpointVerifying checkpoints = new(store, log, _findings, progress, cancellation);
        checkpoints.Run();
        LogPosition start = checkpoints.Newest?.Position ?? store.Manifest.Begin;
        bool canLoad = log.HoldsFrom(start) && (checkpoints.Newest is not null || store.Manifest.Begin == LogPosition.Origin);
        if (canLoad)
            _findings.Try(SegmentFiles.NameOf(store.Shape.SegmentOf(start.Address)), () =>
                _findings.Prove(new IndexVerification(store, checkpoints.Newest, log.Tail, progress, cancellation).Run()));
        return _findings.Report(log.HoldsFrom(start) ? log.Tail.Revision : default);
    }

    private void Check(SlotCopies copies)
    {
        if (copies.First is null) _findings.Damage(copies.File, 0, "the first copy is damaged; the second holds, and opening the store mends the first");
        if (copies.Second is null) _findings.Damage(copies.File, SlotFile.SlotBytes, "the second copy is damaged; the first holds, and opening the store mends the second");
        if (copies is not { First: { } first, Second: { } second }) return;
        if (first.Generation != second.Generation) _findings.Note(copies.File, SlotFile.SlotBytes, "the second copy is older than the first, as a crash leaves it");
        _findings.Prove($"both copies of `{copies.File}` are whole");
    }
}
