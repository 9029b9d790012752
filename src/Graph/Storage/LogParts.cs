using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>What a log is put together from; the simulations of the tests put in disks of their own.</summary>
/// <param name="OpenDevice">Opens the segments, given the shape and the beginning that the manifest says.</param>
/// <param name="HasSegments">Whether there are any.</param>
internal sealed record LogParts(
    ISlotStore Manifest, ISlotStore Instant, Func<LogShape, long, ILogDevice> OpenDevice, Func<bool> HasSegments,
    ICheckpointFiles Checkpoints, IDisposable Lock)
{
    /// <summary>Where the files are; null where there are none.</summary>
    public string? Directory { get; init; }

    /// <summary>Whether the files are a copy, which nobody writes to.</summary>
    public bool IsBackup => Directory is { } directory && File.Exists(Path.Combine(directory, StoreFileNames.Backup));

    /// <summary>Told each time a checkpoint could not be taken.</summary>
    public Action<Exception>? CheckpointFailed { get; init; }

    public LogRetention Retention { get; init; } = LogRetention.Default;
    public LogShape Shape { get; init; } = LogShape.Default;
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>A directory's files, locked.</summary>
    public static LogParts In(string directory, IStableStorage stable)
    {
        directory = Path.GetFullPath(directory);
        if (!System.IO.Directory.Exists(directory))
        {
            System.IO.Directory.CreateDirectory(directory);
            stable.SyncDirectoryOf(directory);
        }
        IDisposable taken = DirectoryLock.Take(directory);
        CheckpointFiles checkpoints = new(directory, stable);
        checkpoints.RemoveUnfinished();
        return new LogParts(
            new FileSlotStore(Path.Combine(directory, StoreFileNames.Manifest), stable),
            new FileSlotStore(Path.Combine(directory, StoreFileNames.Instant), stable),
            (shape, begin) => new DurableDevice(directory, shape, begin, stable),
            () => SegmentFiles.AnyIn(directory),
            checkpoints,
            taken) { Directory = directory };
    }
}
