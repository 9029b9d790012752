using System.Diagnostics;
using System.Globalization;
using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Perf.Storage;

/// <summary>
/// Acknowledged writes a second of one tuple each, from 1, 16 and 256 writers that each wait for their acknowledgement,
/// beside a loop that appends as many bytes to a preallocated file and syncs it, in the same run on the same disk. A round before
/// them does not count: code that is not compiled for good yet makes one writer's write a fifth longer. Every round ends with a restart after which every acknowledged tuple must be there.
/// </summary>
public static class DurableWrites
{
    private const string Schema = """
        definition user {}
        definition document { relation viewer: user }
        """;

    /// <summary>One line of the table.</summary>
    /// <param name="PerSecond">Acknowledged writes a second.</param>
    /// <param name="Median">Time to an acknowledgement, in microseconds; half took no longer.</param>
    /// <param name="Percentile99">The same for 99 of 100.</param>
    public readonly record struct Line(string Name, double PerSecond, double Median, double Percentile99)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name,-28} {PerSecond,10:N0}/s   p50 {Median,8:N0} us   p99 {Percentile99,8:N0} us");
    }

    /// <param name="folder">Where stores are made, and removed again: the disk that is measured.</param>
    public static async Task<IReadOnlyList<Line>> RunAsync(string folder, TimeSpan each)
    {
        _ = await GraphAsync(Path.Combine(folder, "warm-up"), 16, each / 2);
        List<Line> lines = [Raw(folder, each)];
        foreach (int writers in (int[])[1, 16, 256]) lines.Add(await GraphAsync(Path.Combine(folder, $"store-{writers}"), writers, each));
        lines.Add(Raw(folder, each) with { Name = "append + fdatasync, again" });
        return lines;
    }

    private static Line Raw(string folder, TimeSpan each)
    {
        var latencies = new List<long>();
        using RawFile raw = new(folder);
        for (long begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < each;)
        {
            long start = Stopwatch.GetTimestamp();
            raw.AppendOne();
            latencies.Add(Stopwatch.GetTimestamp() - start);
        }
        return Summary("append + fdatasync", latencies, each);
    }

    private static async Task<Line> GraphAsync(string directory, int writers, TimeSpan each)
    {
        var options = new GraphOptions { Storage = new StorageLocation.Directory(directory) };
        List<long>[] latencies = [.. Enumerable.Range(0, writers).Select(_ => new List<long>())];
        await using (AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(options))
        {
            await graph.WriteSchemaAsync(Schema);
            long begun = Stopwatch.GetTimestamp();
            await Task.WhenAll(latencies.Select((mine, writer) => Task.Run(() => WriteAsync(graph, writer, mine, begun, each))));
        }
        await using (AuthorizationGraph again = await AuthorizationGraph.OpenAsync(options))
        {
            int expected = latencies.Sum(l => l.Count), found = again.Snapshot().Read(new TupleFilter { ResourceType = "document" }).Count();
            if (found != expected) throw new InvalidOperationException($"{expected} writes were acknowledged and {found} are there after a restart");
        }
        Directory.Delete(directory, recursive: true);
        return Summary($"{writers} writer{(writers == 1 ? "" : "s")}", [.. latencies.SelectMany(l => l)], each);
    }

    private static async Task WriteAsync(AuthorizationGraph graph, int writer, List<long> latencies, long begun, TimeSpan each)
    {
        var user = new SubjectRef(new ObjectRef("user", $"u{writer}"));
        while (Stopwatch.GetElapsedTime(begun) < each)
        {
            var tuple = new RelationTuple(new ObjectRef("document", $"d{writer}-{latencies.Count}"), "viewer", user);
            long start = Stopwatch.GetTimestamp();
            await graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(UpdateKind.Create, tuple)] });
            latencies.Add(Stopwatch.GetTimestamp() - start);
        }
    }

    private static Line Summary(string name, List<long> latencies, TimeSpan took)
    {
        latencies.Sort();
        return new Line(name, latencies.Count / took.TotalSeconds, At(0.5), At(0.99));

        double At(double share) => Stopwatch.GetElapsedTime(0, latencies[(int)((latencies.Count - 1) * share)]).TotalMicroseconds;
    }
}
