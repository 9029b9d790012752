using System.Buffers;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>
/// The entries of a transaction as bytes: their number, then each as its kind and what that kind means. Revision and
/// instant are the commit record's. A window's ends are varint distances from the commit instant, since most windows
/// start at it; an end that is not there is a flag.
/// </summary>
internal static class TransactionCodec
{
    [Flags]
    private enum EdgeFlags : byte
    {
        None = 0,
        Starts = 1,
        Ends = 2,
        Caveat = 4,
        Replaces = 8,
        ReplacedStarts = 16,
        ReplacedEnds = 32,
        ReplacedCaveat = 64,
    }

    private const int ShortestEntryBytes = 2;

    public static void Encode(LogTransaction transaction, IBufferWriter<byte> output)
    {
        PayloadWriter writer = new(output);
        writer.Number((uint)transaction.Entries.Count);
        IReadOnlyList<LogEntry> entries = transaction.Entries;
        for (int i = 0; i < entries.Count; i++) Encode(writer, entries[i], transaction.CommittedAt);
    }

    /// <exception cref="StoreFailedException">The payload is not a transaction's.</exception>
    public static LogTransaction Decode(Revision revision, Instant committedAt, ReadOnlySpan<byte> payload)
    {
        PayloadReader reader = new(payload);
        ulong count = reader.Number();
        if (count > (ulong)(reader.Remaining / ShortestEntryBytes)) throw PayloadReader.Malformed($"it can't hold {count} entries");
        LogEntry[] entries = new LogEntry[count];
        for (int i = 0; i < entries.Length; i++) entries[i] = Decode(ref reader, committedAt);
        if (reader.Remaining != 0) throw PayloadReader.Malformed($"{reader.Remaining} bytes follow its last entry");
        return new LogTransaction(revision, committedAt, entries);
    }

    private static void Encode(PayloadWriter writer, in LogEntry entry, Instant committedAt)
    {
        writer.Byte((byte)entry.Kind);
        switch (entry.Kind)
        {
            case LogEntryKind.EdgeType or LogEntryKind.ObjectType or LogEntryKind.CaveatContext:
                writer.Number(entry.Id);
                writer.Text(entry.Text);
                break;
            case LogEntryKind.ObjectName:
                writer.Number(entry.Id);
                writer.Number(entry.Resource);
                writer.Text(entry.Text);
                break;
            case LogEntryKind.Schema or LogEntryKind.Metadata:
                writer.Text(entry.Text);
                break;
            case LogEntryKind.IdempotencyKey:
                writer.Text(entry.Text);
                writer.Number(entry.Digest);
                break;
            case LogEntryKind.Horizon:
                writer.Number(entry.Digest);
                writer.Signed(Distance(entry.Window.NotBefore, committedAt));
                break;
            case LogEntryKind.Put or LogEntryKind.Remove:
                EncodeEdge(writer, entry, committedAt);
                break;
            default:
                Invariant.That(false, $"a log entry has a known kind, not {entry.Kind}");
                break;
        }
    }

    private static LogEntry Decode(ref PayloadReader reader, Instant committedAt)
    {
        LogEntryKind kind = (LogEntryKind)reader.Byte();
        return kind switch
        {
            LogEntryKind.EdgeType => LogEntry.EdgeType(reader.Number32(), reader.Text()),
            LogEntryKind.ObjectType => LogEntry.ObjectType(reader.Number32(), reader.Text()),
            LogEntryKind.CaveatContext => LogEntry.CaveatContext(reader.Number32(), reader.Text()),
            LogEntryKind.ObjectName => LogEntry.ObjectName(reader.Number32(), reader.Number32(), reader.Text()),
            LogEntryKind.Schema => LogEntry.Schema(reader.Text()),
            LogEntryKind.Metadata => LogEntry.Metadata(reader.Text()),
            LogEntryKind.IdempotencyKey => LogEntry.IdempotencyKey(reader.Text(), reader.Number()),
            LogEntryKind.Horizon => LogEntry.Horizon(new Revision(reader.Number()), At(reader.Signed(), committedAt)),
            LogEntryKind.Put or LogEntryKind.Remove => DecodeEdge(ref reader, kind, committedAt),
            _ => throw PayloadReader.Malformed($"an entry of kind {(byte)kind} is unknown"),
        };
    }

    private static void EncodeEdge(PayloadWriter writer, in LogEntry entry, Instant committedAt)
    {
        EdgeFlags flags = FlagsOf(entry);
        writer.Byte((byte)flags);
        writer.Number(entry.Id);
        writer.Number(entry.Resource);
        writer.Number(entry.Subject);
        if (flags.HasFlag(EdgeFlags.Starts)) writer.Signed(Distance(entry.Window.NotBefore, committedAt));
        if (flags.HasFlag(EdgeFlags.Ends)) writer.Signed(Distance(entry.Window.ExpiresAt, committedAt));
        if (flags.HasFlag(EdgeFlags.Caveat)) writer.Number(entry.Caveat);
        if (flags.HasFlag(EdgeFlags.ReplacedStarts)) writer.Signed(Distance(entry.Replaced.NotBefore, committedAt));
        if (flags.HasFlag(EdgeFlags.ReplacedEnds)) writer.Signed(Distance(entry.Replaced.ExpiresAt, committedAt));
        if (flags.HasFlag(EdgeFlags.ReplacedCaveat)) writer.Number(entry.ReplacedCaveat);
    }

    private static LogEntry DecodeEdge(ref PayloadReader reader, LogEntryKind kind, Instant committedAt)
    {
        EdgeFlags flags = (EdgeFlags)reader.Byte();
        (uint id, uint resource, uint subject) = (reader.Number32(), reader.Number32(), reader.Number32());
        Window window = DecodeWindow(ref reader, flags, committedAt);
        uint caveat = flags.HasFlag(EdgeFlags.Caveat) ? reader.Number32() : 0;
        Window replaced = DecodeWindow(ref reader, (EdgeFlags)((byte)flags >> 4), committedAt);
        uint replacedCaveat = flags.HasFlag(EdgeFlags.ReplacedCaveat) ? reader.Number32() : 0;
        if (kind == LogEntryKind.Remove) return LogEntry.Remove(id, resource, subject, replaced, replacedCaveat);
        return flags.HasFlag(EdgeFlags.Replaces)
            ? LogEntry.Replace(id, resource, subject, window, caveat, replaced, replacedCaveat)
            : LogEntry.Put(id, resource, subject, window, caveat);
    }

    private static EdgeFlags FlagsOf(in LogEntry entry)
    {
        EdgeFlags flags = EdgeFlags.None;
        if (entry.Kind == LogEntryKind.Put)
        {
            flags |= FlagsOf(entry.Window);
            if (entry.Caveat != 0) flags |= EdgeFlags.Caveat;
        }
        if (entry.Replaces)
        {
            flags |= EdgeFlags.Replaces | (EdgeFlags)((byte)FlagsOf(entry.Replaced) << 4);
            if (entry.ReplacedCaveat != 0) flags |= EdgeFlags.ReplacedCaveat;
        }
        return flags;
    }

    private static EdgeFlags FlagsOf(Window window) =>
        (window.NotBefore == Instant.Beginning ? EdgeFlags.None : EdgeFlags.Starts)
        | (window.ExpiresAt == Instant.Never ? EdgeFlags.None : EdgeFlags.Ends);

    private static Window DecodeWindow(ref PayloadReader reader, EdgeFlags flags, Instant committedAt)
    {
        Instant notBefore = flags.HasFlag(EdgeFlags.Starts) ? At(reader.Signed(), committedAt) : Instant.Beginning;
        Instant expiresAt = flags.HasFlag(EdgeFlags.Ends) ? At(reader.Signed(), committedAt) : Instant.Never;
        return new Window(notBefore, expiresAt);
    }

    // Distances wrap, so that every instant has one.
    private static long Distance(Instant instant, Instant committedAt) => unchecked(instant.Microseconds - committedAt.Microseconds);

    private static Instant At(long distance, Instant committedAt) => new(unchecked(committedAt.Microseconds + distance));
}
