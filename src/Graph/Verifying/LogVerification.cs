using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Graph.Storage.Offline;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Verifying;

/// <summary>
/// Reads all of the log. It is cut at the places that the manifest knows: a scan from one must come out exactly at the next, and damage
/// in one stretch does not hide damage in another.
/// </summary>
internal sealed class LogVerification(StoreView store, Findings findings, IProgress<StoreProgress>? progress, CancellationToken cancellation)
{
    private const long BytesPerReport = 4 << 20;

    private readonly HashSet<LogPosition> _broken = [];
    private long _transactions;
    private long _reportAt;

    /// <summary>Behind the last record that holds.</summary>
    public LogPosition Tail { get; private set; }

    public void Run()
    {
        CheckSegments();
        Manifest manifest = store.Manifest;
        LogPosition[] places =
        [
            .. manifest.Checkpoints.Select(mark => mark.Position).Concat(manifest.Starts).Append(manifest.Begin)
                .Where(place => place.Address >= manifest.Begin.Address).Distinct().OrderBy(place => place.Address),
        ];
        for (int i = 0; i < places.Length; i++) Run(places[i], i + 1 < places.Length ? places[i + 1] : null);
        if (_broken.Count > 0) return;
        string revisions = _transactions == 0 ? "no transactions" : $"revisions {manifest.Begin.Revision.Next} to {Tail.Revision}";
        findings.Prove($"the log's frames and chain hold: {revisions} in {(store.Pages.Count == 1 ? "1 segment" : $"{store.Pages.Count} segments")}");
    }

    /// <summary>Whether everything from a place that the manifest knows to another held.</summary>
    public bool Holds(LogPosition from, LogPosition to) => !_broken.Any(place => place.Address >= from.Address && place.Address < to.Address);

    /// <summary>Whether everything from a place to the end held.</summary>
    public bool HoldsFrom(LogPosition from) => !_broken.Any(place => place.Address >= from.Address);

    private void CheckSegments()
    {
        (LogShape shape, Manifest manifest) = (store.Shape, store.Manifest);
        int last = Math.Max(store.Pages.Last, shape.SegmentOf(Math.Max(manifest.DurableUpTo - 1, manifest.Begin.Address)));
        for (int segment = shape.SegmentOf(manifest.Begin.Address); segment <= last; segment++)
        {
            string name = SegmentFiles.NameOf(segment);
            long? length = store.Pages.LengthOf(segment);
            if (length is null) findings.Damage(name, null, "the file is missing");
            else if (length != shape.SegmentBytes) findings.Damage(name, Math.Min(length.Value, shape.SegmentBytes), $"it has {length} bytes where it was made with {shape.SegmentBytes}");
        }
    }

    private void Run(LogPosition from, LogPosition? to)
    {
        LogScan scan = store.ScanFrom(from);
        bool held = findings.Try(SegmentFiles.NameOf(store.Shape.SegmentOf(from.Address)), () =>
        {
            foreach (LogTransaction _ in LogReplay.ReadToBreak(scan, to?.Address ?? long.MaxValue)) Report(scan.Tail.Address);
        });
        Tail = scan.Tail;
        held = held && (to is { } place ? Reaches(scan.Tail, place) : Ends(scan));
        if (!held) _broken.Add(from);
    }

    private bool Reaches(LogPosition tail, LogPosition place)
    {
        if (tail == place) return true;
        findings.Damage(store.Shape.PlaceOf(tail.Address), tail.Address < place.Address
            ? $"nothing that belongs there is at address {tail.Address} of the log, yet it goes on to {place.Address}"
            : $"the records there do not lead to address {place.Address}, revision {place.Revision}, as the manifest says");
        return false;
    }

    private bool Ends(LogScan scan)
    {
        long tail = scan.Tail.Address;
        string? witness = tail < store.Manifest.DurableUpTo ? $"the manifest says that it was durable up to {store.Manifest.DurableUpTo}"
            : DamageSearch.FindWitness(store.Pages, store.Shape, tail) is { } later ? $"a later record, at {later}, says that it was durable"
            : null;
        if (witness is not null) findings.Damage(store.Shape.PlaceOf(tail), $"nothing that belongs there is at address {tail} of the log, yet {witness}");
        else if (IsAnythingBehind(tail))
            findings.Note(SegmentFiles.NameOf(store.Shape.SegmentOf(tail)), store.Shape.OffsetInSegment(tail), "the log breaks off here, as a crash leaves it; nothing behind was acknowledged");
        return witness is null;
    }

    private bool IsAnythingBehind(long tail)
    {
        byte[] page = new byte[store.Shape.PageBytes];
        for (long start = tail; start < store.Pages.End; start = store.Shape.NextPage(start))
        {
            Span<byte> rest = page.AsSpan(0, (int)(store.Shape.NextPage(start) - start));
            store.Pages.Read(start, rest);
            if (rest.ContainsAnyExcept((byte)0)) return true;
        }
        return false;
    }

    private void Report(long address)
    {
        _transactions++;
        if (address < _reportAt) return;
        cancellation.ThrowIfCancellationRequested();
        _reportAt = address + BytesPerReport;
        progress?.Report(new StoreProgress("log", address - store.Manifest.Begin.Address, store.Pages.End - store.Manifest.Begin.Address));
    }
}
