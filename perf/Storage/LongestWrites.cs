using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Perf.Storage;

/// <summary>
/// How long the longest writes of one writer take and whose they are. Beside writes into memory and onto disk stand, in the same run, what they
/// can't do without: to be handed to another task and to a third, and back, with nothing done on the way; and to append as much to a file and sync
/// it. All writes are about one user, whose list grows.
/// </summary>
public static class LongestWrites
{
    private const int Shown = 4;
    private const int WarmUp = 2_000;

    /// <summary>One line of the table; times in milliseconds.</summary>
    /// <param name="Longest">The longest first, each with what of it the garbage collector took.</param>
    public readonly record struct Line(string Name, int Count, double Median, double Percentile999, int Slow, IReadOnlyList<(double All, double Collector)> Longest)
    {
        public override string ToString()
        {
            string longest = string.Join(", ", Longest.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.All:N1} ({one.Collector:N1})")));
            return string.Create(CultureInfo.InvariantCulture,
                $"{Name,-22} {Count,9:N0}   p50 {Median,6:N3}   p99.9 {Percentile999,6:N2}   over 10 ms {Slow,3:N0}   longest (collector) {longest}");
        }
    }

    /// <param name="folder">Where files and stores are made: the disk that is measured.</param>
    public static async IAsyncEnumerable<Line> RunAsync(string folder, TimeSpan each)
    {
        yield return await HandedOnAsync("handed on alone", each);
        yield return await WriteAsync("written into memory", new StorageLocation.Memory(), each);
        yield return await SyncedAsync("append + fdatasync", folder, each);
        yield return await WriteAsync("written onto disk", new StorageLocation.Directory(Path.Combine(folder, "store")), each);
        yield return await SyncedAsync("append + fdatasync", folder, each);
        yield return await HandedOnAsync("handed on alone", each);
    }

    private static async Task<Line> WriteAsync(string name, StorageLocation storage, TimeSpan each)
    {
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = storage });
        await graph.WriteSchemaAsync("definition user {} definition document { relation viewer: user }");
        var user = new SubjectRef(new ObjectRef("user", "u1"));
        Line line = await RepeatAsync(name, each, async i =>
        {
            var tuple = new RelationTuple(new ObjectRef("document", $"d{i}"), "viewer", user);
            await graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(UpdateKind.Create, tuple)] });
        });
        int found = graph.Snapshot().Read(new TupleFilter { ResourceType = "document" }).Count();
        if (found != line.Count + WarmUp) throw new InvalidOperationException($"{line.Count + WarmUp} writes were acknowledged and {found} are there");
        return line;
    }

    private static async Task<Line> HandedOnAsync(string name, TimeSpan each)
    {
        var first = Channel.CreateBounded<TaskCompletionSource>(16);
        var second = Channel.CreateBounded<TaskCompletionSource>(16);
        Task one = Task.Run(async () =>
        {
            await foreach (TaskCompletionSource done in first.Reader.ReadAllAsync()) await second.Writer.WriteAsync(done);
        });
        Task other = Task.Run(async () =>
        {
            await foreach (TaskCompletionSource done in second.Reader.ReadAllAsync()) done.SetResult();
        });
        Line line = await RepeatAsync(name, each, async _ =>
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await first.Writer.WriteAsync(done);
            await done.Task;
        });
        first.Writer.Complete();
        await one;
        second.Writer.Complete();
        await other;
        return line;
    }

    private static async Task<Line> SyncedAsync(string name, string folder, TimeSpan each)
    {
        using RawFile raw = new(folder);
        return await RepeatAsync(name, each, _ =>
        {
            raw.AppendOne();
            return Task.CompletedTask;
        });
    }

    private static Task<Line> RepeatAsync(string name, TimeSpan each, Func<int, Task> one) => Task.Run(async () =>
    {
        for (int i = 0; i < WarmUp; i++) await one(-i - 1);
        List<double> times = new(1 << 23);
        List<(double All, double Collector)> longest = [];
        long begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < each)
        {
            TimeSpan collecting = GC.GetTotalPauseDuration();
            long start = Stopwatch.GetTimestamp();
            await one(times.Count);
            double all = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            times.Add(all);
            if (longest.Count == Shown && all <= longest[^1].All) continue;
            longest.Add((all, (GC.GetTotalPauseDuration() - collecting).TotalMilliseconds));
            longest.Sort((x, y) => y.All.CompareTo(x.All));
            if (longest.Count > Shown) longest.RemoveAt(Shown);
        }
        times.Sort();
        return new Line(name, times.Count, times[times.Count / 2], times[(int)(times.Count * 0.999)], times.Count(time => time > 10), longest);
    });
}
