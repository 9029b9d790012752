namespace AuthzGraph.Graph.Storage;

/// <summary>Finds where a log ends after whatever happened to it, or refuses.</summary>
internal static class LogRecovery
{
    /// <summary>
    /// The position behind the last record that holds. Records of a transaction that was never closed count: they stay
    /// where they are, and the next life's epoch record tells every reader to drop them, so no byte that was
    /// ever accepted is written over.
    /// </summary>
    /// <exception cref="StoreFailedException">Bytes that were durable are damaged or gone.</exception>
    /// <param name="start">From where the log is needed: a checkpoint's position, or where the log begins.</param>
    /// <param name="cut">What lies behind and does not count, for the operator; null where nothing does.</param>
    public static LogPosition FindTail(ILogDevice device, LogShape shape, Manifest manifest, LogPosition start, out string? cut)
    {
        LogScan scan = new(device, shape, start, manifest.Identity);
        (int openRecords, RecordKind last) = (0, RecordKind.Epoch);
        for (; scan.TryNext(out RecordHeader header, out _); last = header.Kind) openRecords = header.Kind == RecordKind.Part ? openRecords + 1 : 0;
        long tail = scan.Tail.Address;
        if (tail < manifest.DurableUpTo) throw Damaged(tail, shape, $"the manifest says that it was durable up to {manifest.DurableUpTo}");
        if (DamageSearch.FindWitness(device, shape, tail) is { } witness)
            throw Damaged(tail, shape, $"a later record, at {witness}, says that it was durable");
        cut = TornTail.Describe(device, shape, scan.Tail, openRecords, closedCleanly: last == RecordKind.Mark && tail == manifest.DurableUpTo);
        device.Harden(Math.Max(scan.DurableUpTo, manifest.DurableUpTo), tail);
        return scan.Tail;
    }

    private static StoreFailedException Damaged(long address, LogShape shape, string why) =>
        new($"the log is damaged: nothing that belongs there is at address {address} "
            + $"(segment {shape.SegmentOf(address)}, byte {shape.OffsetInSegment(address)}), yet {why}; restore the store from a backup")
        { Place = shape.PlaceOf(address) };
}
