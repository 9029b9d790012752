using System.Buffers.Binary;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>
/// Reads records in order from a known place until the first that is not the last one's successor.
/// FASTER lays entries out as [length i32][bytes, padded to 4]; none crosses a page, and a zero length means that the
/// rest of the page is padding. A page lost to a torn write looks like padding too; that no record was skipped is
/// what the chained checksums prove.
/// </summary>
internal sealed class LogScan(ILogPages pages, LogShape shape, LogPosition start, StoreIdentity identity)
{
    public const int LengthBytes = sizeof(int);

    private readonly byte[] _page = new byte[shape.PageBytes];
    private long _pageAddress = -1;

    /// <summary>Behind the last record that was accepted.</summary>
    public LogPosition Tail { get; private set; } = start;

    /// <summary>The greatest durable mark among the accepted records.</summary>
    public long DurableUpTo { get; private set; } = start.Address;

    /// <summary>How many bytes an entry of <paramref name="length"/> takes in the log.</summary>
    public static int Occupied(int length) => LengthBytes + ((length + 3) & ~3);

    /// <summary>Accepts the next record. Its payload is good until the next call.</summary>
    /// <exception cref="StoreFailedException">The record is whole, yet can't be where it is.</exception>
    public bool TryNext(out RecordHeader header, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        header = default;
        long address = Tail.Address;
        ReadOnlySpan<byte> entry = EntryAt(address);
        if (entry.IsEmpty && shape.OffsetInPage(address) != 0 && IsPadding(address))
        {
            address = shape.NextPage(address);
            entry = EntryAt(address);
        }
        if (entry.IsEmpty || !RecordFrame.IsWhole(entry)) return false;
        CheckVersion(address, RecordFrame.VersionOf(entry));
        header = RecordFrame.Read(entry);
        if (!Follows(header)) return false;
        payload = entry[RecordFrame.HeaderBytes..];
        Accept(address, header, RecordFrame.Checksum(entry), payload);
        return true;
    }

    private bool Follows(in RecordHeader header) =>
        header.Previous == Tail.Chain && (header.Kind == RecordKind.Epoch || header.Epoch == Tail.Epoch);

    private void Accept(long address, in RecordHeader header, uint checksum, ReadOnlySpan<byte> payload)
    {
        bool inTransaction = header.Kind is RecordKind.Part or RecordKind.Commit;
        Revision expected = inTransaction ? Tail.Revision.Next : Tail.Revision;
        if (header.Revision != expected) throw Wrong(address, $"it belongs to revision {header.Revision} where {expected} is due");
        if (header.Timeline > identity.Timeline)
            throw Wrong(address, $"timeline {header.Timeline} is later than the manifest's {identity.Timeline}");
        Instant committedAt = Tail.CommittedAt;
        switch (header.Kind)
        {
            case RecordKind.Epoch:
                CheckStore(address, payload);
                break;
            case RecordKind.Commit:
                if (!RecordPayload.TryReadCommit(payload, out committedAt, out _)) throw Wrong(address, "its payload is too short");
                if (committedAt <= Tail.CommittedAt) throw Wrong(address, $"it committed at {committedAt}, not after {Tail.CommittedAt}");
                break;
            case RecordKind.Part or RecordKind.Mark:
                break;
            default:
                throw Wrong(address, $"its kind {(byte)header.Kind} is unknown");
        }
        long end = address + Occupied(RecordFrame.HeaderBytes + payload.Length);
        Revision closed = header.Kind == RecordKind.Commit ? header.Revision : Tail.Revision;
        Tail = new LogPosition(end, checksum, header.Epoch, closed, committedAt);
        DurableUpTo = Math.Max(DurableUpTo, header.DurableUpTo);
    }

    /// <summary>The bytes of the entry at an address, or nothing where none can be.</summary>
    private ReadOnlySpan<byte> EntryAt(long address)
    {
        if (address >= pages.End) return default;
        ReadOnlySpan<byte> rest = RestOfPage(address);
        int length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        return length > 0 && length <= rest.Length - LengthBytes ? rest.Slice(LengthBytes, length) : default;
    }

    private bool IsPadding(long address) =>
        address < pages.End && BinaryPrimitives.ReadInt32LittleEndian(RestOfPage(address)) == 0;

    private ReadOnlySpan<byte> RestOfPage(long address)
    {
        int offset = shape.OffsetInPage(address);
        if (_pageAddress != address - offset) ReadPage(address - offset);
        return _page.AsSpan(offset);
    }

    private void ReadPage(long address)
    {
        try
        {
            _pageAddress = -1;
            pages.Read(address, _page);
            _pageAddress = address;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreFailedException($"the log can't be read at address {address} (segment {shape.SegmentOf(address)}): {e.Message}", e) { Place = shape.PlaceOf(address) };
        }
    }

    private void CheckVersion(long address, byte version)
    {
        if (version != RecordFrame.Version)
            throw Wrong(address, $"it is of format {version}, and this program reads only format {RecordFrame.Version}: start a newer one");
    }

    private void CheckStore(long address, ReadOnlySpan<byte> payload)
    {
        if (!RecordPayload.TryReadEpoch(payload, out Guid store)) throw Wrong(address, "its payload is too short");
        if (store != identity.Store) throw Wrong(address, $"it is of store {store}, and the manifest is of store {identity.Store}");
    }

    private StoreFailedException Wrong(long address, string why) =>
        new($"the log holds a record at address {address} that can't be there: {why}") { Place = shape.PlaceOf(address) };
}
