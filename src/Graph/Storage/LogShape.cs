using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>The sizes of a log. Pages and segments are fixed when a store is made and then come from its manifest.</summary>
internal sealed record LogShape
{
    public static readonly LogShape Default = new();

    private const int BytesPerItem = 100;

    /// <summary>FASTER holds two pages from the start and the others when they are needed, so small pages make a store that is hardly used small.</summary>
    public static readonly LogShape Small = new() { PageBits = 16, SegmentBits = 22, RecordBytes = 16 * 1024 };

    /// <summary>A page is 2^n bytes; no record crosses one.</summary>
    public int PageBits { get; init; } = 20;

    /// <summary>A segment, one preallocated file, is 2^n bytes.</summary>
    public int SegmentBits { get; init; } = 24;

    /// <summary>FASTER buffers 2^n bytes; at least four pages.</summary>
    public int MemoryBits { get; init; } = 24;

    /// <summary>No record is longer than this, frame included.</summary>
    public int RecordBytes { get; init; } = 64 * 1024;

    /// <summary>Appends wait while more than this is written and not yet durable.</summary>
    public long InFlightBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>How long the log is idle before it writes down that everything so far is durable.</summary>
    public TimeSpan IdleBeforeMark { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A checkpoint is due when the log has grown by this much since the last; by more, up to eight times as much, when that was large.</summary>
    public long CheckpointEveryBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>A checkpoint that could not be taken is tried again after this long.</summary>
    public TimeSpan RetryCheckpointAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many changes of the log are held in memory, at most, to make a checkpoint; with more it is made in several steps.</summary>
    public int CheckpointItems { get; init; } = 2_000_000;

    /// <summary>
    /// The same for a checkpoint made from one of so many bytes. A step costs about as much as that one has, so more of them are no matter where it is
    /// small; and the memory of a step is in proportion to it.
    /// </summary>
    public int CheckpointItemsAfter(long bytes) => (int)Math.Clamp(bytes / BytesPerItem, CheckpointItems / 8, CheckpointItems);

    public int PageBytes => 1 << PageBits;
    public long SegmentBytes => 1L << SegmentBits;
    public int PartPayloadBytes => RecordBytes - RecordFrame.HeaderBytes;
    public int CommitPayloadBytes => PartPayloadBytes - sizeof(long);

    public int SegmentOf(long address) => (int)(address >> SegmentBits);
    public long OffsetInSegment(long address) => address & (SegmentBytes - 1);
    public int OffsetInPage(long address) => (int)(address & (PageBytes - 1));
    public long NextPage(long address) => (address | (uint)(PageBytes - 1)) + 1;

    /// <summary>Where an address lies on disk.</summary>
    public DamagedPlace PlaceOf(long address) => new(SegmentFiles.NameOf(SegmentOf(address)), OffsetInSegment(address));

    /// <summary>This shape for a store that was made with other pages and segments.</summary>
    public LogShape For(Manifest manifest)
    {
        int memoryBits = Math.Max(MemoryBits, manifest.PageBits + 2);
        int recordBytes = Math.Min(RecordBytes, (1 << manifest.PageBits) / 4);
        LogShape shape = this with
        {
            PageBits = manifest.PageBits,
            SegmentBits = manifest.SegmentBits,
            MemoryBits = memoryBits,
            RecordBytes = recordBytes,
            InFlightBytes = Math.Clamp(InFlightBytes, recordBytes, 1L << (memoryBits - 1)),
        };
        shape.Check();
        return shape;
    }

    private void Check()
    {
        Invariant.That(PageBits is >= 12 and <= 30);
        Invariant.That(SegmentBits >= PageBits && SegmentBits < 31);
        Invariant.That(MemoryBits >= PageBits + 2);
        Invariant.That(RecordBytes <= PageBytes / 4);
        Invariant.That(CommitPayloadBytes > 0);
        Invariant.That(InFlightBytes >= RecordBytes && InFlightBytes <= 1L << (MemoryBits - 1));
    }
}
