using AuthzGraph.Graph.Copying;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Offline;
using AuthzGraph.Graph.Verifying;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>A store's directory as operators handle it, without serving it.</summary>
public static class StoreDirectory
{
    /// <summary>
    /// What a store or a backup says of itself: reads the small files, the ends of the checkpoints, and the log behind the newest. A
    /// server may have it open meanwhile.
    /// </summary>
    /// <exception cref="StoreFailedException">There is no store, or it can't be read.</exception>
    public static StoreFigures Measure(string directory)
    {
        const int Attempts = 5;     // a server that serves it may remove a checkpoint or a segment between two looks
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using StoreView store = StoreView.Open(directory);
                return StoreMeasuring.Measure(store);
            }
            catch (FileNotFoundException) when (attempt < Attempts)
            {
            }
        }
    }

    /// <summary>Expects that a store, or the backup of one, is there and says what it is.</summary>
    /// <exception cref="StoreFailedException">There is none.</exception>
    public static void Expect(string directory) => StoreView.Open(directory).Dispose();

    /// <summary>
    /// Reads every byte of a store that nobody has open, or of a backup, and says what holds and what is damaged, where. Changes nothing.
    /// Takes the memory that serving it would take.
    /// </summary>
    /// <exception cref="StoreFailedException">Somebody has it open; there is no store; its manifest is damaged twice or of another format.</exception>
    public static VerificationReport Verify(string directory, IProgress<StoreProgress>? progress = null, CancellationToken cancellation = default)
    {
        using IDisposable? taken = Lock(directory);
        try
        {
            using StoreView store = StoreView.Open(directory);
            return new StoreVerification(store, progress, cancellation).Run();
        }
        catch (StoreFailedException e) when (e.Place is { } place)
        {
            return new VerificationReport([], [new StoreFinding(true, place.File, place.Offset, e.Message)], default);
        }
    }

    /// <summary>Makes a backup of a store that nobody has open, and verifies it. One that is served is asked for it instead.</summary>
    /// <exception cref="StoreFailedException">Somebody has it open; it is damaged; the target holds something already; the copy is not whole.</exception>
    public static CopyReceipt Backup(string directory, string target, IProgress<StoreProgress>? progress = null, CancellationToken cancellation = default)
    {
        using IDisposable? taken = Lock(directory);
        using StoreView store = StoreView.Open(directory);
        CopySource source = new(store);
        using StoreBackup backup = new(store.Directory, source.Manifest.CutAt(source.End()), source.ReservedInstant, StoreFileNames.Backup);
        return Copy(backup, target, progress, cancellation);
    }

    /// <summary>
    /// Makes a store of a backup, or of a store that nobody has open, in a directory of its own, and verifies it. It goes on from there
    /// on a timeline of its own: what was told of later revisions elsewhere (tokens, cursors, places in a watch) is refused by it.
    /// </summary>
    /// <param name="at">Null: all there is.</param>
    /// <exception cref="StoreFailedException">The backup is damaged; the target holds something already; the copy is not whole.</exception>
    /// <exception cref="RejectionException">What the backup holds does not lead to the point.</exception>
    public static CopyReceipt Restore(
        string backup, string target, RestorePoint? at = null, IProgress<StoreProgress>? progress = null, CancellationToken cancellation = default)
    {
        using IDisposable? taken = Lock(backup);
        using StoreView store = StoreView.Open(backup);
        CopySource source = new(store);
        Manifest manifest = source.Manifest.ForkedAt(at is null ? source.End() : source.EndAt(at));
        using StoreBackup copy = new(store.Directory, manifest, source.ReservedInstant, StoreFileNames.Manifest);
        return Copy(copy, target, progress, cancellation);
    }

    /// <summary>Writes a backup to a directory that is not there yet, and verifies it there.</summary>
    /// <inheritdoc cref="Backup"/>
    public static CopyReceipt Copy(StoreBackup backup, string target, IProgress<StoreProgress>? progress = null, CancellationToken cancellation = default)
    {
        using StoreCopy copy = new(target);
        long done = 0;
        foreach (StorePart part in backup.Parts())
        {
            cancellation.ThrowIfCancellationRequested();
            copy.Write(part);
            progress?.Report(new StoreProgress("copying", done += part.Content.Length, backup.Bytes));
        }
        return copy.Finish(progress, cancellation);
    }

    /// <summary>A folder that was made, renamed or removed stays so, whatever happens after this returns.</summary>
    /// <exception cref="IOException">The system says that it can't.</exception>
    public static void Settle(string folder) => StableStorage.Disk.SyncDirectoryOf(folder);

    /// <summary>Keeps others from a store; a backup is nobody's, and what is no store is left as it is.</summary>
    private static IDisposable? Lock(string directory) =>
        File.Exists(Path.Combine(directory, StoreFileNames.Manifest)) ? DirectoryLock.Take(Path.GetFullPath(directory)) : null;
}
