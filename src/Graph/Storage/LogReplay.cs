using System.Buffers;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>Puts records together into transactions; a new epoch drops one that was left open.</summary>
internal static class LogReplay
{
    public static void Run(LogScan scan, long until, Action<LogTransaction> apply)
    {
        foreach (LogTransaction transaction in Read(scan, until)) apply(transaction);
    }

    /// <summary>The transactions that are closed below an address; the scan starts between two of them.</summary>
    public static IEnumerable<LogTransaction> Read(LogScan scan, long until)
    {
        foreach (LogTransaction transaction in ReadToBreak(scan, until)) yield return transaction;
        if (scan.Tail.Address != until)
            throw new StoreFailedException($"the log ended at {scan.Tail.Address} while it was read up to {until}");
    }

    /// <summary>The same, up to an address or to where the log breaks off, whichever comes first.</summary>
    public static IEnumerable<LogTransaction> ReadToBreak(LogScan scan, long until = long.MaxValue)
    {
        ArrayBufferWriter<byte> open = new();
        while (scan.Tail.Address < until && TryNext(scan, open, out LogTransaction? closed))
            if (closed is not null) yield return closed;
    }

    private static bool TryNext(LogScan scan, ArrayBufferWriter<byte> open, out LogTransaction? closed)
    {
        closed = null;
        if (!scan.TryNext(out RecordHeader header, out ReadOnlySpan<byte> payload)) return false;
        if (header.Kind == RecordKind.Epoch) open.ResetWrittenCount();
        if (header.Kind == RecordKind.Part) open.Write(payload);
        if (header.Kind == RecordKind.Commit) closed = Close(header.Revision, payload, open);
        return true;
    }

    private static LogTransaction Close(Revision revision, ReadOnlySpan<byte> payload, ArrayBufferWriter<byte> open)
    {
        bool read = RecordPayload.TryReadCommit(payload, out Instant committedAt, out ReadOnlySpan<byte> slice);
        Invariant.That(read);
        if (open.WrittenCount == 0) return TransactionCodec.Decode(revision, committedAt, slice);
        open.Write(slice);
        LogTransaction transaction = TransactionCodec.Decode(revision, committedAt, open.WrittenSpan);
        open.ResetWrittenCount();
        return transaction;
    }
}
