using System.Buffers.Binary;

namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>What stands before the content of a block.</summary>
/// <param name="Number">The checkpoint's, so that a block of another one is told from this one's.</param>
/// <param name="Ordinal">The block's place, from 0.</param>
internal readonly record struct BlockHeader(ulong Number, uint Ordinal, int Items, CheckpointPart Part, int PayloadBytes);

/// <summary>
/// A checkpoint is a row of blocks, each readable by itself. Little-endian: 0 crc32c of all that follows · 4 format version ·
/// 5 part · 6 zero (2) · 8 checkpoint number (8) · 16 ordinal · 20 items · 24 length of the payload · 28 payload.
/// </summary>
internal static class CheckpointBlock
{
    public const int HeaderBytes = 28;
    public const byte Version = 1;

    /// <summary>A block is closed once it holds this much; one item may make it longer.</summary>
    public const int TargetBytes = 64 * 1024;

    /// <summary>No item, and so no block, is longer.</summary>
    public const int MostBytes = 64 * 1024 * 1024;

    /// <summary>Writes the header in front of a payload that is already in place; returns the checksum.</summary>
    public static uint Seal(Span<byte> block, in BlockHeader header)
    {
        block[4] = Version;
        block[5] = (byte)header.Part;
        BinaryPrimitives.WriteUInt16LittleEndian(block[6..], 0);
        BinaryPrimitives.WriteUInt64LittleEndian(block[8..], header.Number);
        BinaryPrimitives.WriteUInt32LittleEndian(block[16..], header.Ordinal);
        BinaryPrimitives.WriteInt32LittleEndian(block[20..], header.Items);
        BinaryPrimitives.WriteInt32LittleEndian(block[24..], header.PayloadBytes);
        uint checksum = Crc32C.Of(block[sizeof(uint)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(block, checksum);
        return checksum;
    }

    public static uint Checksum(ReadOnlySpan<byte> block) => BinaryPrimitives.ReadUInt32LittleEndian(block);

    public static byte VersionOf(ReadOnlySpan<byte> block) => block[4];

    public static bool IsWhole(ReadOnlySpan<byte> block) => Checksum(block) == Crc32C.Of(block[sizeof(uint)..]);

    public static BlockHeader Read(ReadOnlySpan<byte> block) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(block[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(block[16..]),
        BinaryPrimitives.ReadInt32LittleEndian(block[20..]),
        (CheckpointPart)block[5],
        BinaryPrimitives.ReadInt32LittleEndian(block[24..]));

    /// <summary>Adds one block's checksum to the seal over all of them.</summary>
    public static uint Chain(uint seal, uint checksum)
    {
        Span<byte> both = stackalloc byte[2 * sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(both, seal);
        BinaryPrimitives.WriteUInt32LittleEndian(both[sizeof(uint)..], checksum);
        return Crc32C.Of(both);
    }
}
