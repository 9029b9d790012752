using AuthzGraph.Graph.Storage;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

/// <summary>Opens logs on simulated disks.</summary>
internal static class SimulatedStore
{
    public const string Manifest = "manifest";
    public const string Instant = "instant";

    /// <summary>Everything small, so that a few transactions cross records, pages and segments.</summary>
    public static readonly LogShape Tiny = new()
    {
        PageBits = 12,
        SegmentBits = 14,
        MemoryBits = 14,
        RecordBytes = 700,
        InFlightBytes = 6 * 1024,
        IdleBeforeMark = TimeSpan.FromMilliseconds(1),
        CheckpointEveryBytes = long.MaxValue,
    };

    public static FasterTransactionLog Open(
        SimulatedDisk disk, bool announcesFailure = true, LogShape? shape = null, LogRetention? retention = null) => FasterTransactionLog.Open(new LogParts(
        new SimulatedSlots(disk, Manifest),
        new SimulatedSlots(disk, Instant),
        (recorded, _) => new SimulatedDevice(disk, recorded, announcesFailure),
        () => disk.Has(SimulatedDevice.File),
        new SimulatedCheckpoints(disk),
        new Unlocked()) { Shape = shape ?? Tiny, Retention = retention ?? LogRetention.Default });

    private sealed class Unlocked : IDisposable
    {
        public void Dispose() { }
    }
}
