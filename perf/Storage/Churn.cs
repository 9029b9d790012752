using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Perf.Storage;

/// <summary>
/// Tasks of agents that come and go on a disk, in real time: each grants a run of its own access to documents of its own, one transaction of five
/// tuples with a window and one caveat among them; half of the tasks are ended by a delete, the rest run out. All names are new. A watcher counts
/// every change. Memory and disk have to stay as they are.
///
/// Fails if an answer is wrong, if the watcher hears a change too many or too few, if a restart afterwards finds anything but the one tuple that was to
/// stay, or if what is held grows between the second quarter of the time and the last.
/// </summary>
public sealed class Churn
{
    private const string Schema = """
        use expiration
        caveat on_ticket(ticket string, wanted string) { ticket == wanted }
        definition run {}
        definition document { relation reader: run with expiration | run with on_ticket and expiration; permission read = reader }
        """;

    private const string Kept = "document:kept#reader@run:kept[from:2020-01-01T00:00:00Z][expiration:2999-01-01T00:00:00Z]";
    private const int Documents = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly AuthorizationGraph _graph;
    private readonly TimeSpan _taskTime;
    private readonly List<double> _waits = [];
    private long _changes = 1;
    private long _heard;

    private Churn(AuthorizationGraph graph, TimeSpan taskTime) => (_graph, _taskTime) = (graph, taskTime);

    /// <summary>How much, and for how long.</summary>
    /// <param name="Retention">For how long history is kept: of the time, it has to be a small part.</param>
    /// <param name="TaskTime">How long a task lasts.</param>
    /// <param name="Every">How often a line is printed.</param>
    /// <param name="MayGrow">By what share the median of the last quarter may be above that of the second; single peaks are when a checkpoint met the garbage collector.</param>
    public sealed record Effort(int TasksPerSecond, TimeSpan Time, TimeSpan Retention, TimeSpan TaskTime, TimeSpan Every, double MayGrow)
    {
        /// <summary>Two thousand tuples a second.</summary>
        public static Effort Full(TimeSpan time) => new(400, time, Retention: time / 12, TaskTime: time / 180, Every: time / 60, MayGrow: 0.1);

        /// <summary>For a test: so short that what a process takes to get going counts.</summary>
        public static Effort Brief { get; } = new(100, TimeSpan.FromSeconds(12), Retention: TimeSpan.FromSeconds(1), TaskTime: TimeSpan.FromSeconds(1), Every: TimeSpan.FromMilliseconds(600), MayGrow: 0.5);
    }

    /// <summary>What is held at one moment, in bytes, and how long writes waited since the last.</summary>
    /// <param name="Tuples">Written so far.</param>
    /// <param name="Resident">Of the process in memory.</param>
    /// <param name="Managed">On the garbage collector's heap, what nobody refers to included.</param>
    /// <param name="Index">Taken by the index.</param>
    /// <param name="Disk">Of all files of the store.</param>
    /// <param name="Percentile99">Time to an acknowledgement, in milliseconds; 99 of 100 took no longer.</param>
    public readonly record struct Line(TimeSpan After, long Tuples, long Resident, long Managed, long Index, long Disk, int Threads, double Percentile99, double Longest)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{After:hh\\:mm\\:ss} {Tuples,11:N0} tuples   resident {Resident / 1e6,6:N0} MB   managed {Managed / 1e6,6:N1}   index {Index / 1e6,6:N1}   disk {Disk / 1e6,6:N0}   {Threads} threads   p99 {Percentile99:N1} ms, longest {Longest:N1}");
    }

    /// <param name="folder">Where the store is made, on the disk that is measured.</param>
    public static async IAsyncEnumerable<Line> RunAsync(string folder, Effort effort)
    {
        var options = new GraphOptions { Storage = new StorageLocation.Directory(folder), Limits = Limits.Default with { Retention = effort.Retention } };
        List<Line> lines = [];
        Churn churn;
        await using (AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(options))
        {
            string start = (await graph.WriteSchemaAsync(Schema)).Token;
            await graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(UpdateKind.Create, RelationTuple.Parse(Kept))] });
            churn = new Churn(graph, effort.TaskTime);
            using CancellationTokenSource enough = new();
            Task watching = churn.CountChangesAsync(start, enough.Token);
            var clock = Stopwatch.StartNew();
            Task running = churn.RunTasksAsync(clock, effort);
            for (TimeSpan next = effort.Every; next <= effort.Time; next += effort.Every)
            {
                await Task.WhenAny(running, UntilAsync(clock, next));
                if (running.IsFaulted || watching.IsFaulted) break;
                lines.Add(churn.Look(clock.Elapsed, folder));
                yield return lines[^1];
            }
            await running;
            await Task.Delay(effort.TaskTime);        // the last tasks run out
            for (var waiting = Stopwatch.StartNew(); churn._heard < churn._changes && waiting.Elapsed < Patience;) await Task.Delay(10);
            await enough.CancelAsync();
            await watching;
            Expect(churn._heard == churn._changes, $"there were {churn._changes} changes, and the watcher heard {churn._heard}");
        }
        await ExpectOnlyKeptAsync(options);
        ExpectFlat(lines, effort.MayGrow);
    }

    private async Task RunTasksAsync(Stopwatch clock, Effort effort)
    {
        Channel<(int Task, TimeSpan Due)> ending = Channel.CreateUnbounded<(int, TimeSpan)>();
        Task ends = EndTasksAsync(clock, ending.Reader);
        var starting = new List<Task>();
        int task = 0;
        while (clock.Elapsed < effort.Time)
        {
            for (; task < clock.Elapsed.TotalSeconds * effort.TasksPerSecond; task++) starting.Add(StartAsync(task));
            await Task.WhenAll(starting);
            int first = task - starting.Count;
            starting.Clear();
            for (int started = first; started < task; started++) ending.Writer.TryWrite((started, clock.Elapsed + _taskTime / 2));
            await Task.Delay(5);
        }
        ending.Writer.Complete();
        await ends;
    }

    private async Task StartAsync(int task)
    {
        long start = Stopwatch.GetTimestamp();
        DateTimeOffset end = TimeProvider.System.GetUtcNow() + _taskTime;
        await _graph.WriteAsync(new WriteRequest { IdempotencyKey = $"{task}", Updates = [.. Enumerable.Range(0, Documents).Select(n => new TupleUpdate(UpdateKind.Create, Grant(task, n, end)))] });
        double waited = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        lock (_waits)
        {
            _waits.Add(waited);
            _changes += Documents;
        }
        ExpectAnswer(task, permitted: TimeProvider.System.GetUtcNow() < end - _taskTime / 2 ? true : null);
    }

    /// <summary>Half way through, every other task is ended; those that are not run out.</summary>
    private async Task EndTasksAsync(Stopwatch clock, ChannelReader<(int Task, TimeSpan Due)> ending)
    {
        await foreach ((int task, TimeSpan due) in ending.ReadAllAsync())
        {
            await UntilAsync(clock, due);
            if (task % 2 == 1)
            {
                ExpectAnswer(task - 1, permitted: false);
                continue;
            }
            DeleteReceipt receipt = await _graph.DeleteAsync(new DeleteRequest { Filter = new TupleFilter { Subject = new SubjectFilter("run", $"{task}") } });
            lock (_waits) _changes += receipt.Deleted;
            ExpectAnswer(task, permitted: false);
        }
    }

    /// <summary>Reads the clock once: it may pass <paramref name="due"/> between two looks.</summary>
    private static Task UntilAsync(Stopwatch clock, TimeSpan due)
    {
        TimeSpan left = due - clock.Elapsed;
        return left > TimeSpan.Zero ? Task.Delay(left) : Task.CompletedTask;
    }

    private static RelationTuple Grant(int task, int n, DateTimeOffset end) =>
        RelationTuple.Parse($"document:{task}-{n}#reader@run:{task}{(n == 0 ? $"[on_ticket:{{\"wanted\":\"{task}\"}}]" : "")}[expiration:{end:yyyy-MM-ddTHH:mm:ss.ffffffZ}]");

    /// <param name="permitted">Null if that depends on the time.</param>
    private void ExpectAnswer(int task, bool? permitted)
    {
        Snapshot now = _graph.Snapshot();
        bool plain = now.Check(Question(task, 1)).IsPermitted, caveated = now.Check(Question(task, 0)).IsPermitted;
        Expect(!caveated, $"task {task} reads without its ticket");
        Expect(permitted is null || plain == permitted, $"task {task} is {(plain ? "permitted" : "denied")}");
    }

    private static CheckQuestion Question(int task, int n) => new(new ObjectRef("document", $"{task}-{n}"), "read", new SubjectRef(new ObjectRef("run", $"{task}")));

    private async Task CountChangesAsync(string start, CancellationToken enough)
    {
        try
        {
            await foreach (WatchEvent told in _graph.WatchAsync(new WatchRequest { After = start, Kinds = WatchKinds.Changes }, enough))
                if (told is WatchEvent.Changed changed) Interlocked.Add(ref _heard, changed.Changes.Length);
        }
        catch (OperationCanceledException) { }
    }

    private Line Look(TimeSpan after, string folder)
    {
        double[] waits;
        lock (_waits)
        {
            waits = [.. _waits];
            _waits.Clear();
        }
        Array.Sort(waits);
        MemoryUse index = _graph.Memory;
        long disk = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        using Process self = Process.GetCurrentProcess();
        return new Line(after, _changes, Environment.WorkingSet, GC.GetTotalMemory(false), index.Edges + index.Texts, disk, self.Threads.Count,
            waits.ElementAtOrDefault((int)(waits.Length * 0.99)), waits.LastOrDefault());
    }

    private static async Task ExpectOnlyKeptAsync(GraphOptions options)
    {
        await using AuthorizationGraph again = await AuthorizationGraph.OpenAsync(options);
        string[] found = [.. again.Snapshot().Read(new TupleFilter { ResourceType = "document" }).Take(10).Select(tuple => $"{tuple}")];
        Expect(found is [Kept], $"after a restart there is {string.Join(", ", found)}");
    }

    private static void ExpectFlat(List<Line> lines, double mayGrow)
    {
        foreach ((string what, Func<Line, long> of) in ((string, Func<Line, long>)[])[("resident", line => line.Resident), ("index", line => line.Index), ("disk", line => line.Disk)])
        {
            long early = Median(lines[(lines.Count / 4)..(lines.Count / 2)], of), late = Median(lines[(lines.Count * 3 / 4)..], of);
            Expect(late <= early * (1 + mayGrow), $"{what} grew from {early} to {late} bytes");
        }
    }

    private static long Median(List<Line> lines, Func<Line, long> of) => lines.Select(of).Order().ElementAt(lines.Count / 2);

    private static void Expect(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidOperationException(otherwise);
    }
}
