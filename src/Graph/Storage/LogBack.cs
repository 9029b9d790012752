namespace AuthzGraph.Graph.Storage;

/// <summary>
/// Reads a log from its end to its beginning, although its records are chained the other way: a stretch from one known place to the next
/// is run over once for places between transactions, a page or so apart, and then read part by part, the last part first.
/// </summary>
/// <param name="found">Told of the places of a stretch before it is read.</param>
internal sealed class LogBack(ILogPages pages, LogShape shape, StoreIdentity identity, Action<IReadOnlyList<LogPosition>> found)
{
    /// <summary>The transactions between the first start and the end, newest first.</summary>
    /// <param name="starts">Places between transactions, in order.</param>
    /// <exception cref="StoreFailedException">A stretch is damaged; those behind it were told.</exception>
    public IEnumerable<LogTransaction> Read(IReadOnlyList<LogPosition> starts, LogPosition end, CancellationToken cancellation)
    {
        for (int i = starts.Count - 1; i >= 0; i--)
        {
            List<LogPosition> places = PlacesBetween(starts[i], end, cancellation);
            found([.. i == 0 ? places.Skip(1) : places]);
            for (int part = places.Count - 1; part >= 0; part--)
            {
                long until = part + 1 < places.Count ? places[part + 1].Address : end.Address;
                LogTransaction[] transactions = [.. LogReplay.Read(new LogScan(pages, shape, places[part], identity), until)];
                for (int t = transactions.Length - 1; t >= 0; t--) yield return transactions[t];
            }
            end = starts[i];
        }
    }

    private List<LogPosition> PlacesBetween(LogPosition start, LogPosition end, CancellationToken cancellation)
    {
        List<LogPosition> places = [start];
        LogScan scan = new(pages, shape, start, identity);
        while (scan.Tail.Address < end.Address && scan.TryNext(out RecordHeader header, out _))
        {
            bool isBetween = header.Kind == RecordKind.Commit && scan.Tail.Address < end.Address;
            if (!isBetween || scan.Tail.Address - places[^1].Address < shape.PageBytes) continue;
            cancellation.ThrowIfCancellationRequested();
            places.Add(scan.Tail);
        }
        if (scan.Tail != end)
            throw new StoreFailedException($"the log before the checkpoint is damaged at address {scan.Tail.Address} (segment {shape.SegmentOf(scan.Tail.Address)})")
            { Place = shape.PlaceOf(scan.Tail.Address) };
        return places;
    }
}
