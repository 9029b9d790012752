namespace AuthzGraph.Graph.Storage;

/// <summary>
/// What a log is opened without: records of a transaction that was never closed, and bytes behind the last record that make none. Nothing
/// in the log says that any of it was durable, or the store would not open; but whoever waits for it should learn that it is gone.
/// </summary>
internal static class TornTail
{
    /// <param name="openRecords">How many records at the end belong to no closed transaction.</param>
    /// <param name="closedCleanly">Whether the last process wrote down that it was done: then what lies behind was cut before.</param>
    /// <returns>Null where nothing was cut.</returns>
    public static string? Describe(ILogPages pages, LogShape shape, LogPosition tail, int openRecords, bool closedCleanly)
    {
        long bytes = closedCleanly ? 0 : BytesBehind(pages, shape, tail.Address);
        if (openRecords == 0 && bytes == 0) return null;
        string open = openRecords == 0 ? "" : $"{openRecords} records of a transaction that was never closed";
        string torn = bytes == 0 ? "" : $"{bytes} bytes from address {tail.Address} on (segment {shape.SegmentOf(tail.Address)}) that make no record";
        string and = open.Length > 0 && torn.Length > 0 ? ", and " : "";
        return $"the log was opened up to revision {tail.Revision} and without what comes after it: {open}{and}{torn}; "
            + "it was on its way when the last process ended, or the disk has damaged it since";
    }

    /// <summary>How many bytes from an address on are not the zeros that a segment is made of.</summary>
    private static long BytesBehind(ILogPages pages, LogShape shape, long tail)
    {
        byte[] page = new byte[shape.PageBytes];
        long last = tail;
        for (long start = tail - shape.OffsetInPage(tail); start < pages.End; start += shape.PageBytes)
        {
            pages.Read(start, page);
            int from = (int)(Math.Max(start, tail) - start);
            int end = page.AsSpan(from).LastIndexOfAnyExcept((byte)0);
            if (end >= 0) last = start + from + end + 1;
        }
        return last - tail;
    }
}
