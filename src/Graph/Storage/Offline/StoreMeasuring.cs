using System.Collections.Immutable;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage.Offline;

/// <summary>
/// Counts what a directory holds without loading it: the last block of each checkpoint says how much there is in it, and the log behind
/// the newest says what came since.
/// </summary>
internal static class StoreMeasuring
{
    public static StoreFigures Measure(StoreView store)
    {
        ImmutableArray<CheckpointFigures> checkpoints = [.. store.Manifest.Checkpoints.Select(mark => Measure(store, mark)).OfType<CheckpointFigures>()];
        CheckpointFigures? newest = checkpoints.FirstOrDefault();
        LogPosition start = store.Manifest.Checkpoints.FirstOrDefault(mark => mark.Number == newest?.Number) is { Number: > 0 } known
            ? known.Position : store.Manifest.Begin;
        LogScan scan = store.ScanFrom(start);
        (long tuples, long names) = (newest?.Tuples ?? 0, newest?.Names ?? 0);
        foreach (LogTransaction transaction in LogReplay.ReadToBreak(scan))
        {
            tuples += transaction.Entries.Sum(TuplesMore);
            names += transaction.Entries.Count(entry => entry.Kind == LogEntryKind.ObjectName);
        }
        LogPosition end = scan.Tail;
        return new StoreFigures(
            Manifest.Format.Version, store.Manifest.Identity.Store, store.Manifest.Identity.Timeline, store.IsBackup,
            end.Revision, end.CommittedAt.IsFinite ? end.CommittedAt : null, store.Manifest.Begin.Revision.Next, OldestRestorable(store, checkpoints),
            store.Pages.Count, store.Pages.Bytes, end.Address - store.Manifest.Begin.Address, checkpoints, tuples, names, BytesIn(store.Directory));
    }

    // what a put or a removal replaces is counted already
    private static int TuplesMore(LogEntry entry) => entry.Kind switch
    {
        LogEntryKind.Put => entry.Replaces ? 0 : 1,
        LogEntryKind.Remove => -1,
        _ => 0,
    };

    private static Revision? OldestRestorable(StoreView store, ImmutableArray<CheckpointFigures> checkpoints) =>
        store.Manifest.Begin == LogPosition.Origin ? default(Revision)
        : checkpoints is [.., var oldest] ? oldest.Revision
        : null;

    /// <summary>Null where its last block can't be read: verifying says why.</summary>
    private static CheckpointFigures? Measure(StoreView store, CheckpointMark mark)
    {
        try
        {
            using ICheckpointInput input = store.Checkpoints.Open(mark.Number);
            CheckpointCounts counts = store.Read(input, mark).Counts;
            return new CheckpointFigures(mark.Number, mark.Position.Revision, mark.Position.CommittedAt, mark.Bytes, (long)counts.Edges, (long)counts.Names);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long BytesIn(string directory)
    {
        long bytes = 0;
        foreach (FileInfo file in new DirectoryInfo(directory).EnumerateFiles())
            if (file.Exists) bytes += file.Length;     // a server may have removed it since
        return bytes;
    }
}
