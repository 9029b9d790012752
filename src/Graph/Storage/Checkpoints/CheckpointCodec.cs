using System.Buffers;
using System.Buffers.Binary;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>
/// How the items of a block are written: numbers as varints; places as distances from the item before in the same block;
/// revisions and instants as distances from the checkpoint's own.
/// </summary>
internal static class CheckpointCodec
{
    public const int EndBytes = CheckpointBlock.HeaderBytes + 6 * sizeof(ulong) + sizeof(uint);

    private const int GuidBytes = 16;

    [Flags]
    private enum EdgeFlags : byte
    {
        None = 0,
        Starts = 1,
        Ends = 2,
        Caveat = 4,
        OtherResource = 8,
        OtherType = 16,
        All = 31,
    }

    public static void WriteHead(IBufferWriter<byte> output, in CheckpointHead head)
    {
        output.Write(head.Store.ToByteArray());
        PayloadWriter writer = new(output);
        writer.Number(head.Timeline);
        WritePosition(writer, head.Position);
        writer.Number(head.OldestRevision.Value);
        writer.Signed(head.OldestInstant.Microseconds);
    }

    public static CheckpointHead ReadHead(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < GuidBytes) throw PayloadReader.Malformed("it ends too soon");
        PayloadReader reader = new(payload[GuidBytes..]);
        return new CheckpointHead(
            new Guid(payload[..GuidBytes]), reader.Number32(), ReadPosition(ref reader), new Revision(reader.Number()), new Instant(reader.Signed()));
    }

    public static void WritePosition(PayloadWriter writer, LogPosition position)
    {
        writer.Signed(position.Address);
        writer.Number(position.Chain);
        writer.Number(position.Epoch);
        writer.Number(position.Revision.Value);
        writer.Signed(position.CommittedAt.Microseconds);
    }

    public static LogPosition ReadPosition(ref PayloadReader reader) => new(
        reader.Signed(), reader.Number32(), reader.Number32(), new Revision(reader.Number()), new Instant(reader.Signed()));

    public static void WriteEnd(Span<byte> payload, CheckpointCounts counts, uint seal)
    {
        ReadOnlySpan<ulong> numbers = [counts.Schemas, counts.Texts, counts.Names, counts.Keys, counts.Edges, counts.Blocks];
        for (int i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(payload[(i * sizeof(ulong))..], numbers[i]);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[(numbers.Length * sizeof(ulong))..], seal);
    }

    public static (CheckpointCounts Counts, uint Seal) ReadEnd(ReadOnlySpan<byte> payload)
    {
        CheckpointCounts counts = new(At(payload, 0), At(payload, 1), At(payload, 2), At(payload, 3), At(payload, 4), At(payload, 5));
        return (counts, BinaryPrimitives.ReadUInt32LittleEndian(payload[(6 * sizeof(ulong))..]));

        static ulong At(ReadOnlySpan<byte> payload, int place) => BinaryPrimitives.ReadUInt64LittleEndian(payload[(place * sizeof(ulong))..]);
    }

    public static void WriteEdge(IBufferWriter<byte> output, in StoredEdge edge, in StoredEdge before, in LogPosition head)
    {
        PayloadWriter writer = new(output);
        EdgeFlags flags = FlagsOf(edge, before);
        writer.Byte((byte)flags);
        if (flags.HasFlag(EdgeFlags.OtherType)) writer.Number(edge.EdgeType);
        if (flags.HasFlag(EdgeFlags.OtherResource)) writer.Number(flags.HasFlag(EdgeFlags.OtherType) ? edge.Resource : edge.Resource - before.Resource);
        writer.Number(flags.HasFlag(EdgeFlags.OtherResource) ? edge.Subject : edge.Subject - before.Subject);
        writer.Number(head.Revision.Value - edge.Created);
        if (flags.HasFlag(EdgeFlags.Starts)) writer.Signed(Distance(edge.Window.NotBefore, head.CommittedAt));
        if (flags.HasFlag(EdgeFlags.Ends)) writer.Signed(Distance(edge.Window.ExpiresAt, head.CommittedAt));
        if (flags.HasFlag(EdgeFlags.Caveat)) writer.Number(edge.Caveat);
    }

    public static StoredEdge ReadEdge(ref PayloadReader reader, in StoredEdge before, in LogPosition head)
    {
        EdgeFlags flags = (EdgeFlags)reader.Byte();
        if (flags > EdgeFlags.All) throw PayloadReader.Malformed($"an edge has unknown flags {(byte)flags}");
        uint type = before.EdgeType;
        uint resource = before.Resource;
        if ((flags & EdgeFlags.OtherType) != 0) (type, resource) = (reader.Number32(), 0);
        if ((flags & EdgeFlags.OtherResource) != 0) resource += reader.Number32();
        uint subject = reader.Number32() + ((flags & EdgeFlags.OtherResource) != 0 ? 0 : before.Subject);
        ulong created = head.Revision.Value - reader.Number();
        Window window = Window.Always;
        if ((flags & EdgeFlags.Starts) != 0) window = window with { NotBefore = At(reader.Signed(), head.CommittedAt) };
        if ((flags & EdgeFlags.Ends) != 0) window = window with { ExpiresAt = At(reader.Signed(), head.CommittedAt) };
        uint caveat = (flags & EdgeFlags.Caveat) != 0 ? reader.Number32() : 0;
        return new StoredEdge(type, resource, subject, caveat, created, window);
    }

    private static EdgeFlags FlagsOf(in StoredEdge edge, in StoredEdge before) =>
        (edge.Window.NotBefore == Instant.Beginning ? EdgeFlags.None : EdgeFlags.Starts)
        | (edge.Window.ExpiresAt == Instant.Never ? EdgeFlags.None : EdgeFlags.Ends)
        | (edge.Caveat == 0 ? EdgeFlags.None : EdgeFlags.Caveat)
        | (edge.EdgeType != before.EdgeType ? EdgeFlags.OtherType | EdgeFlags.OtherResource : EdgeFlags.None)
        | (edge.Resource != before.Resource ? EdgeFlags.OtherResource : EdgeFlags.None);

    // Distances wrap, so that every instant has one.
    private static long Distance(Instant instant, Instant from) => unchecked(instant.Microseconds - from.Microseconds);

    private static Instant At(long distance, Instant from) => new(unchecked(from.Microseconds + distance));
}
