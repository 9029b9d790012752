using System.Diagnostics;
using System.Globalization;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;

namespace AuthzGraph.Perf.Graph;

/// <summary>How long the longest single change of the list of one resource takes while the list grows to so many edges, and while they are taken away.</summary>
internal static class LongLists
{
    public static IEnumerable<string> Run(uint count)
    {
        var index = new GraphIndex();
        index.BeginReplay(TimeSpan.Zero);       // numbers keep their names
        index.Names("document").Bind(1, "plan");
        for (uint i = 1; i <= count; i++) index.Names("user").Bind(i, $"u{i}");
        EdgeStore edges = index.Edge("document#viewer@user");
        yield return Line("put", count, subject => edges.PutSettled(1, subject, Window.Always, 0));
        if (edges.Count != count) throw new InvalidOperationException($"{edges.Count} edges are there instead of {count}");
        yield return Line("removed", count, subject => edges.RemoveSettled(1, subject));
        if (edges.Count != 0) throw new InvalidOperationException($"{edges.Count} edges are left");
    }

    private static string Line(string what, uint count, Action<uint> change)
    {
        var times = new List<double>((int)count);
        long start = Stopwatch.GetTimestamp();
        for (uint subject = 1; subject <= count; subject++)
        {
            long before = Stopwatch.GetTimestamp();
            change(subject);
            times.Add(Stopwatch.GetElapsedTime(before).TotalMicroseconds);
        }
        double all = Stopwatch.GetElapsedTime(start).TotalSeconds;
        times.Sort();
        return string.Create(CultureInfo.InvariantCulture,
            $"{count} {what} in {all:F2} s; longest {times[^1] / 1000:F2}, {times[^2] / 1000:F2}, {times[^3] / 1000:F2} ms; p99.9 {times[times.Count * 999 / 1000]:F1} us");
    }
}
