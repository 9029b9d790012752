using System.Diagnostics;
using System.Globalization;
using AuthzGraph.Graph;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Model;

namespace AuthzGraph.Perf.Storage;

/// <summary>
/// A restart: what it reads, a checkpoint of so many tuples, verified and decoded, and so many records of the log after it; and the whole of
/// it, until a graph with its index answers. Besides, how long taking the checkpoint takes, and for how long a writer beside it waits.
/// </summary>
public static class Recovery
{
    private const int PerTransaction = 1_000;
    private const int FewestBytes = 8;      // that an edge can take in the index

    /// <summary>One line of the table.</summary>
    public readonly record struct Line(string Name, double Value, string Unit)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name,-44} {Value,14:N2} {Unit}");
    }

    /// <param name="folder">Where the store is made.</param>
    public static async Task<IReadOnlyList<Line>> RunAsync(string folder, int tuples, int records)
    {
        List<Line> lines = [];
        LogShape shape = LogShape.Default with { CheckpointEveryBytes = long.MaxValue };
        ulong revision;
        await using (FasterTransactionLog log = FasterTransactionLog.Open(folder, shape: shape))
        {
            Stopwatch clock = Stopwatch.StartNew();
            revision = await FillAsync(log, tuples);
            lines.Add(new Line("appended durably", tuples / clock.Elapsed.TotalSeconds / 1e6, "M tuples/s"));
            clock.Restart();
            Task<Revision> taken = log.Checkpoint.TakeAsync(CancellationToken.None).AsTask();
            List<double> waits = [], synced = [];
            using (RawFile raw = new(folder))
            {
                for (; !taken.IsCompleted; synced.Add(raw.AppendOne())) waits.Add(await AppendOneAsync(log, ++revision));
            }
            await taken;
            lines.Add(new Line("checkpoint taken", clock.Elapsed.TotalSeconds, "s"));
            lines.AddRange(Waits("acknowledgement meanwhile", waits));
            lines.AddRange(Waits("append + fdatasync in turn with it", synced));
            clock.Restart();
            await log.Checkpoint.TakeAsync(CancellationToken.None);
            lines.Add(new Line("the next one, of next to nothing new", clock.Elapsed.TotalSeconds, "s"));
            for (long position = 0, i = 1; i <= records; i++)
            {
                position = await log.AppendAsync(Single(++revision), CancellationToken.None);
                if (i == records) await log.WaitDurableAsync(position);
            }
        }
        long bytes = new FileInfo(Directory.EnumerateFiles(folder, "checkpoint.*").Order(StringComparer.Ordinal).Last()).Length;
        lines.Add(new Line("bytes on disk", bytes / (double)tuples, "per tuple, names included"));
        await ReadAsync(folder, shape, tuples, records, bytes, lines);
        await OpenAsync(folder, tuples, revision, lines);
        return lines;
    }

    private static async Task ReadAsync(string folder, LogShape shape, int tuples, int records, long bytes, List<Line> lines)
    {
        Stopwatch clock = Stopwatch.StartNew();
        await using FasterTransactionLog log = FasterTransactionLog.Open(folder, shape: shape);
        lines.Add(new Line("opened: checkpoint and log verified", clock.Elapsed.TotalSeconds, "s"));
        clock.Restart();
        Counting counting = new();
        log.Checkpoint.Load(counting);
        double seconds = clock.Elapsed.TotalSeconds;
        if (counting.Seen < tuples) throw new InvalidOperationException($"{tuples} tuples were written and {counting.Seen} read");
        lines.Add(new Line("checkpoint read, verified and decoded", seconds, "s"));
        lines.Add(new Line("", tuples / seconds / 1e6, "M tuples/s"));
        lines.Add(new Line("", bytes / seconds / 1e6, "MB/s"));
        clock.Restart();
        int replayed = 0;
        log.Replay(_ => replayed++);
        if (replayed < records) throw new InvalidOperationException($"{records} records were written and {replayed} replayed");
        lines.Add(new Line("log read, verified and decoded", replayed / clock.Elapsed.TotalSeconds / 1e6, "M records/s"));
    }

    private static async Task OpenAsync(string folder, int tuples, ulong revision, List<Line> lines)
    {
        Stopwatch clock = Stopwatch.StartNew();
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Directory(folder) });
        lines.Add(new Line("all of it: a graph that answers", clock.Elapsed.TotalSeconds, "s"));
        if (graph.Snapshot().Revision.Value < revision || graph.Memory.Edges < tuples * FewestBytes)
            throw new InvalidOperationException($"revision {revision} of {tuples} tuples was written, and {graph.Snapshot().Revision} in {graph.Memory.Edges} bytes is there");
    }

    /// <summary>Documents of five viewers each, out of a tenth as many users as tuples; one document in five is new to each transaction.</summary>
    private static async Task<ulong> FillAsync(FasterTransactionLog log, int tuples)
    {
        ulong revision = 1;
        await log.AppendAsync(Of(revision, LogEntry.ObjectType(1, "document"), LogEntry.ObjectType(2, "user"), LogEntry.EdgeType(1, "document#viewer@user")), CancellationToken.None);
        int users = Math.Max(1, tuples / 10);
        Random random = new(1);
        uint documents = 0, named = 0;
        long position = 0;
        for (int i = 0; i < tuples; i += PerTransaction)
        {
            List<LogEntry> entries = [];
            for (int k = 0; k < PerTransaction && named < users; k++) entries.Add(LogEntry.ObjectName(2, ++named, $"user-{named:x8}"));
            for (int k = 0; k < PerTransaction; k++)
            {
                if (k % 5 == 0) entries.Add(LogEntry.ObjectName(1, ++documents, $"document-{documents:x8}"));
                entries.Add(LogEntry.Put(1, documents, (uint)(random.Next(users / 5) * 5 + k % 5 + 1), Window.Always));
            }
            position = await log.AppendAsync(Of(++revision, [.. entries]), CancellationToken.None);
        }
        await log.WaitDurableAsync(position);
        return revision;
    }

    private static IEnumerable<Line> Waits(string name, List<double> waits)
    {
        waits.Sort();
        foreach ((string share, double at) in ((string, double)[])[(", median", 0.5), (", 99.9 of 100", 0.999), (", longest", 1)])
            yield return new Line($"  {name}{share}", waits.Count == 0 ? 0 : waits[(int)((waits.Count - 1) * at)], "ms");
    }

    private static async Task<double> AppendOneAsync(FasterTransactionLog log, ulong revision)
    {
        long start = Stopwatch.GetTimestamp();
        await log.WaitDurableAsync(await log.AppendAsync(Single(revision), CancellationToken.None));
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static LogTransaction Single(ulong revision) => Of(revision, LogEntry.Put(1, (uint)(revision % 1_000) + 1, 1, Window.Always));

    private static LogTransaction Of(ulong revision, params LogEntry[] entries) =>
        new(new Revision(revision), new Instant(1_800_000_000_000_000 + (long)revision), entries);

    private sealed class Counting : ICheckpointReceiver
    {
        public long Seen { get; private set; }

        public void Begin(CheckpointHead head, CheckpointCounts counts) { }
        public void Schema(StoredSchema schema) { }
        public void Text(CheckpointPart part, uint number, string text) { }
        public void Name(uint objectType, uint number, ReadOnlySpan<byte> name) { }
        public void Key(StoredKey key) { }
        public void Edges(ReadOnlySpan<StoredEdge> edges) => Seen += edges.Length;
    }
}
