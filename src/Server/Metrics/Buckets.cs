using System.Globalization;
using System.Text;

namespace AuthzGraph.Server.Metrics;

/// <summary>A histogram: how many measurements were at most each bound, and their sum. Many threads may add to it; adding allocates nothing.</summary>
internal sealed class Buckets(double[] bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    public void Take(double value)
    {
        int bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket]) bucket++;
        lock (_gate)
        {
            _counts[bucket]++;
            _sum += value;
        }
    }

    /// <summary>Appends its lines in the text format of Prometheus.</summary>
    /// <param name="labels"><c>method="m",code="Ok"</c>; empty: none.</param>
    public void AppendTo(StringBuilder text, string name, string labels = "")
    {
        long[] counts;
        double sum;
        lock (_gate) (counts, sum) = ([.. _counts], _sum);
        string before = labels.Length == 0 ? "" : labels + ",", all = labels.Length == 0 ? "" : $"{{{labels}}}";
        long below = 0;
        for (int i = 0; i < bounds.Length; i++) text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{before}le=\"{bounds[i]}\"}} {below += counts[i]}\n");
        long count = below + counts[^1];
        text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{before}le=\"+Inf\"}} {count}\n{name}_sum{all} {sum}\n{name}_count{all} {count}\n");
    }
}
