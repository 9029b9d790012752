using System.Buffers.Binary;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>The parts of payloads that recovery itself reads: the store of an epoch, the instant of a commit.</summary>
internal static class RecordPayload
{
    public const int EpochBytes = 16;
    public const int InstantBytes = sizeof(long);

    public static void WriteEpoch(Span<byte> payload, Guid store)
    {
        bool written = store.TryWriteBytes(payload);
        Invariant.That(written);
    }

    public static bool TryReadEpoch(ReadOnlySpan<byte> payload, out Guid store)
    {
        store = payload.Length == EpochBytes ? new Guid(payload) : default;
        return payload.Length == EpochBytes;
    }

    public static void WriteCommit(Span<byte> payload, Instant committedAt, ReadOnlySpan<byte> slice)
    {
        BinaryPrimitives.WriteInt64LittleEndian(payload, committedAt.Microseconds);
        slice.CopyTo(payload[InstantBytes..]);
    }

    public static bool TryReadCommit(ReadOnlySpan<byte> payload, out Instant committedAt, out ReadOnlySpan<byte> slice)
    {
        committedAt = default;
        slice = default;
        if (payload.Length < InstantBytes) return false;
        committedAt = new Instant(BinaryPrimitives.ReadInt64LittleEndian(payload));
        slice = payload[InstantBytes..];
        return true;
    }
}
