using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>What taking a checkpoint reads and writes.</summary>
/// <param name="DurableUpTo">How far the log may be read.</param>
/// <param name="HasFailed">Whether the log has stopped: then there is nothing to keep up with.</param>
/// <param name="BeginsAt">Told of it when the log begins later, before anything of it is removed.</param>
/// <param name="GuardManifest">Runs a change of the manifest; if it fails, nobody knows what the manifest says, and the store stops.</param>
internal sealed record CheckpointSources(
    ICheckpointFiles Files, StoreSlots Slots, ILogDevice Device, LogShape Shape, LogRetention Retention, Func<long> DurableUpTo, Action<Action> GuardManifest,
    Action<LogPosition> BeginsAt, Func<bool> HasFailed);

/// <summary>
/// Takes one checkpoint after the other. In this order, so that a crash anywhere leaves the manifest naming only what is there:
///
///   1. fold the log since the last checkpoint into it, in a file of its own, synced and named
///   2. read that file back, all of it
///   3. name it in the manifest; now it counts
///   4. remove the checkpoint that is the third now
///   5. let the log begin later in the manifest, where that is possible
///   6. remove the segments before
/// </summary>
internal sealed class CheckpointTaker(CheckpointSources sources)
{
    private readonly Lock _pastGate = new();
    private int _readersOfPast;

    private Manifest Manifest => sources.Slots.Manifest;

    private CheckpointMark? Newest => Manifest.Checkpoints is [var newest, ..] ? newest : null;

    public void TakeAll(CancellationToken cancellation)
    {
        while (TakeOne(cancellation)) { }
        Truncate();
    }

    /// <summary>Until what is returned is disposed of the log is not truncated.</summary>
    /// <param name="begin">Where it begins.</param>
    public IDisposable HoldPast(out LogPosition begin)
    {
        lock (_pastGate)
        {
            _readersOfPast++;
            begin = Manifest.Begin;
        }
        return new Held(this);
    }

    /// <summary>Removes the checkpoints that the manifest does not name: left over from a crash, or replaced.</summary>
    public void RemoveUnnamed()
    {
        foreach (ulong number in sources.Files.Numbers())
            if (!Manifest.Checkpoints.Any(mark => mark.Number == number)) sources.Files.Remove(number);
    }

    /// <returns>Whether the log may hold more.</returns>
    private bool TakeOne(CancellationToken cancellation)
    {
        LogPosition start = Newest?.Position ?? Manifest.Begin;
        CheckpointDelta delta = new(sources.Shape.CheckpointItemsAfter(Newest?.Bytes ?? 0));
        LogPosition end = Fold(start, delta, cancellation);
        if (end.Revision == start.Revision) return false;
        CheckpointMark mark = Write(delta, end, cancellation);
        Verify(mark, cancellation);
        sources.GuardManifest(() => sources.Slots.Change(manifest => manifest.With(mark)));
        RemoveUnnamed();
        return delta.IsFull;
    }

    private LogPosition Fold(LogPosition start, CheckpointDelta delta, CancellationToken cancellation)
    {
        LogPosition end = start;
        LogScan scan = new(sources.Device, sources.Shape, start, Manifest.Identity);
        foreach (LogTransaction transaction in LogReplay.Read(scan, sources.DurableUpTo()))
        {
            cancellation.ThrowIfCancellationRequested();
            delta.Add(transaction);
            end = scan.Tail;
            if (delta.IsFull) break;
        }
        return end;
    }

    private CheckpointMark Write(CheckpointDelta delta, LogPosition end, CancellationToken cancellation)
    {
        ulong number = sources.Files.Numbers().Concat(Manifest.Checkpoints.Select(mark => mark.Number)).Append(0ul).Max() + 1;
        using ICheckpointInput? input = Newest is { } before ? sources.Files.Open(before.Number) : null;
        CheckpointReader? reader = input is not null && Newest is { } mark ? Reader(input, mark) : null;
        using ICheckpointOutput output = sources.Files.Create(number);
        CheckpointHead head = new(Manifest.Identity.Store, Manifest.Identity.Timeline, end, default, OldestInstant(end, reader, delta));
        CheckpointWriter writer = new(output, number, head);
        new CheckpointMerge(reader, delta, writer, head.OldestInstant, head.Ended).Run(cancellation);
        return writer.End();
    }

    // INVARIANT: what was forgotten once, under a shorter retention than today's, nobody knows any more
    private Instant OldestInstant(LogPosition end, CheckpointReader? before, CheckpointDelta delta)
    {
        Instant forgotten = Instant.Max(before?.Head.OldestInstant ?? Instant.Beginning, delta.OldestInstant);
        return Instant.Max(forgotten, end.CommittedAt.Plus(-(long)sources.Retention.Time.TotalMicroseconds));
    }

    private void Verify(CheckpointMark mark, CancellationToken cancellation)
    {
        using ICheckpointInput input = sources.Files.Open(mark.Number);
        Reader(input, mark).ReadAll(new CheckpointVerification(cancellation));
    }

    private CheckpointReader Reader(ICheckpointInput input, CheckpointMark mark) =>
        new(input, sources.Files.NameOf(mark.Number), mark, Manifest.Identity);

    /// <summary>The log is kept from the older of the retention's horizon and the older checkpoint.</summary>
    private void Truncate()
    {
        if (Manifest.Checkpoints.Length == Manifest.MostCheckpoints)
        {
            (LogPosition newest, LogPosition older) = (Manifest.Checkpoints[0].Position, Manifest.Checkpoints[^1].Position);
            Instant horizon = newest.CommittedAt.Plus(-(long)sources.Retention.Time.TotalMicroseconds);
            LogPosition start = Manifest.Starts.LastOrDefault(s => s.Address <= older.Address
                && (s.CommittedAt <= horizon || newest.Address - s.Address >= sources.Retention.Bytes));
            lock (_pastGate)
            {
                if (_readersOfPast == 0 && start.Address > Manifest.Begin.Address)
                    sources.GuardManifest(() => sources.Slots.Change(manifest => manifest.BeginningAt(start)));
            }
        }
        sources.BeginsAt(Manifest.Begin);
        sources.Device.RemoveBefore(Manifest.Begin.Address);
    }

    private sealed class Held(CheckpointTaker taker) : IDisposable
    {
        public void Dispose()
        {
            lock (taker._pastGate) taker._readersOfPast--;
        }
    }
}
