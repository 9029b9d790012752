using System.Diagnostics;
using System.Globalization;
using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Perf.Graph.Checks;

/// <summary>
/// Checks a second on one thread and on several, each thread with questions of every class of <see cref="CheckClass"/> in turn, by name, each at a snapshot of its
/// own, about documents of a <see cref="SampleGraph"/> at random; and the same beside durable writes that open tasks. Every
/// answer is checked, and at the end that every acknowledged write is there.
/// </summary>
internal sealed class CheckThroughput
{
    private const int Questions = 1 << 14;
    private const int Slice = 1 << 8;

    private readonly AuthorizationGraph _graph;
    private readonly (CheckQuestion Question, bool IsPermitted)[] _asked;
    private int _tasks;

    private CheckThroughput(SampleGraph sample)
    {
        _graph = sample.Graph;
        var random = new Random(1);
        _asked = [.. Enumerable.Range(0, Questions).Select(i => (CheckClass.All[i % CheckClass.All.Length], random.Next(sample.Documents)))
            .Select(ask => (ask.Item1.Question(ask.Item2), ask.Item1.IsPermitted))];
        random.Shuffle(_asked);
    }

    /// <summary>One line of the table.</summary>
    /// <param name="PerSecond">Checks a second, of all threads together.</param>
    /// <param name="Nanoseconds">What a check took of its own thread's time on a processor.</param>
    /// <param name="WritesPerSecond">Acknowledged, one tuple each.</param>
    public readonly record struct Line(int Threads, double PerSecond, double Nanoseconds, double WritesPerSecond)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Threads} threads beside {WritesPerSecond,7:N0} writes/s   {PerSecond,12:N0} checks/s   {Nanoseconds,7:N0} ns of a thread's own time each");
    }

    /// <param name="folder">Where the store is made: its disk bears the writes.</param>
    /// <param name="writesPerSecond">How many to send; the line says how many were acknowledged.</param>
    public static async IAsyncEnumerable<Line> RunAsync(string folder, int tuples, int writesPerSecond, TimeSpan each)
    {
        var time = new JumpingTime();
        int documents = Math.Max(1, tuples / SampleGraph.TuplesPerDocument);
        await using SampleGraph sample = await SampleGraph.OpenAsync(documents, time, new StorageLocation.Directory(folder));
        time.Jump(TimeSpan.FromDays(3));
        await sample.Graph.ReclaimAsync();
        var throughput = new CheckThroughput(sample);
        throughput.Check(Stopwatch.StartNew(), each, first: 0);       // until it is compiled for good
        foreach ((int threads, int writes) in ((int, int)[])[(1, 0), (2, 0), (1, writesPerSecond), (2, writesPerSecond), (2, 0), (1, 0)])
            yield return await throughput.MeasureAsync(threads, writes, each);
        throughput.ExpectTasks();
    }

    private async Task<Line> MeasureAsync(int threads, int writesPerSecond, TimeSpan each)
    {
        var clock = Stopwatch.StartNew();
        Task<(long Checks, long Nanoseconds)>[] checking = [.. Enumerable.Range(0, threads).Select(thread =>
            Task.Factory.StartNew(() => Check(clock, each, first: thread * Questions / threads), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        int written = writesPerSecond == 0 ? 0 : await WriteAsync(clock, each, writesPerSecond);
        (long Checks, long Nanoseconds)[] done = await Task.WhenAll(checking);
        long checks = done.Sum(d => d.Checks);
        return new Line(threads, checks / each.TotalSeconds, done.Sum(d => d.Nanoseconds) / (double)checks, written / clock.Elapsed.TotalSeconds);
    }

    /// <param name="first">Where among the questions to begin: each thread somewhere else.</param>
    private (long Checks, long Nanoseconds) Check(Stopwatch clock, TimeSpan each, int first)
    {
        long checks = 0, start = ThreadClock.Nanoseconds;
        for (int at = first; clock.Elapsed < each; checks += Slice)
            for (int i = 0; i < Slice; i++)
            {
                ref readonly (CheckQuestion Question, bool IsPermitted) ask = ref _asked[at++ & (Questions - 1)];
                if (_graph.Snapshot().Check(ask.Question).IsPermitted != ask.IsPermitted) throw new InvalidOperationException($"a wrong answer to {ask.Question}");
            }
        return (checks, ThreadClock.Nanoseconds - start);
    }

    /// <summary>Sends writes as the clock asks for them, whether or not those before are acknowledged, and waits for all of them.</summary>
    private async Task<int> WriteAsync(Stopwatch clock, TimeSpan each, int perSecond)
    {
        var sent = new List<Task>();
        while (clock.Elapsed < each)
        {
            while (sent.Count < clock.Elapsed.TotalSeconds * perSecond) sent.Add(WriteTaskAsync(_tasks++));
            await Task.Delay(1);
        }
        await Task.WhenAll(sent);
        return sent.Count;
    }

    private async Task WriteTaskAsync(int task)
    {
        RelationTuple opened = RelationTuple.Parse($"task:w{task}#opened_by@user:u{task % 100}[expiration:2999-01-01T00:00:00Z]");
        await _graph.WriteAsync(new WriteRequest { Right = WriteRight.Authority, Updates = [new TupleUpdate(UpdateKind.Create, opened)] });
    }

    private void ExpectTasks()
    {
        int found = _graph.Snapshot().Read(new TupleFilter { ResourceType = "task", Relation = "opened_by" }).Count(tuple => tuple.Resource.Id.StartsWith('w'));
        if (found != _tasks) throw new InvalidOperationException($"{_tasks} tasks were opened, and {found} are there");
    }
}
