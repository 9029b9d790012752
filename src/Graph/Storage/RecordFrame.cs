using System.Buffers.Binary;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

internal enum RecordKind : byte
{
    /// <summary>A process life starts; what was open before it is dropped. Payload: the store's Guid.</summary>
    Epoch = 1,

    /// <summary>A slice of a transaction that goes on in the next record.</summary>
    Part = 2,

    /// <summary>The last slice of a transaction, behind its commit instant (i64, microseconds).</summary>
    Commit = 3,

    /// <summary>Nothing new, but a fresh <see cref="RecordHeader.DurableUpTo"/>.</summary>
    Mark = 4,
}

/// <summary>What stands before every payload.</summary>
/// <param name="Epoch">Random number of the process life that wrote the record.</param>
/// <param name="Revision">Of the transaction the record belongs to; for Epoch and Mark that of the last closed one.</param>
/// <param name="Previous">Checksum of the record before: records form a chain that stale bytes can't join.</param>
/// <param name="DurableUpTo">Everything below this address was on stable storage when the record was made.</param>
internal readonly record struct RecordHeader(
    RecordKind Kind, uint Epoch, uint Timeline, Revision Revision, uint Previous, long DurableUpTo);

/// <summary>
/// A record as bytes, little-endian: 0 crc32c of all that follows · 4 format version · 5 kind · 6 zero (2) · 8 epoch ·
/// 12 timeline · 16 revision (8) · 24 previous crc · 28 durable up to (8) · 36 payload.
/// </summary>
internal static class RecordFrame
{
    public const int HeaderBytes = 36;
    public const byte Version = 1;

    /// <summary>Writes the header in front of a payload that is already in place; returns the checksum.</summary>
    public static uint Seal(Span<byte> record, in RecordHeader header)
    {
        record[4] = Version;
        record[5] = (byte)header.Kind;
        BinaryPrimitives.WriteUInt16LittleEndian(record[6..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], header.Epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], header.Timeline);
        BinaryPrimitives.WriteUInt64LittleEndian(record[16..], header.Revision.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(record[24..], header.Previous);
        BinaryPrimitives.WriteInt64LittleEndian(record[28..], header.DurableUpTo);
        uint crc = Crc32C.Of(record[sizeof(uint)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(record, crc);
        return crc;
    }

    public static uint Checksum(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt32LittleEndian(record);

    public static byte VersionOf(ReadOnlySpan<byte> record) => record[4];

    public static bool IsWhole(ReadOnlySpan<byte> record) =>
        record.Length >= HeaderBytes && Checksum(record) == Crc32C.Of(record[sizeof(uint)..]);

    /// <summary>The header of a record of this version, whole or not.</summary>
    public static RecordHeader Read(ReadOnlySpan<byte> record) => new(
        (RecordKind)record[5],
        BinaryPrimitives.ReadUInt32LittleEndian(record[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(record[12..]),
        new Revision(BinaryPrimitives.ReadUInt64LittleEndian(record[16..])),
        BinaryPrimitives.ReadUInt32LittleEndian(record[24..]),
        BinaryPrimitives.ReadInt64LittleEndian(record[28..]));
}
