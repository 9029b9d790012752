using System.Globalization;
using System.Text;

namespace AuthzGraph.Server.Telemetry;

/// <summary>Calls that have method, code and store in common: how many there were, and how long they took.</summary>
internal sealed class CallSeries(string method, string code, string store)
{
    /// <summary>Seconds.</summary>
    public static readonly double[] Bounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _gate = new();
    private readonly long[] _buckets = new long[Bounds.Length + 1];
    private double _sum;

    /// <summary>As meters take them; made once, so that a record allocates nothing.</summary>
    public KeyValuePair<string, object?>[] Tags { get; } = [new("method", method), new("code", code), new("store", store)];

    public void Take(double seconds)
    {
        int bucket = 0;
        while (bucket < Bounds.Length && seconds > Bounds[bucket]) bucket++;
        lock (_gate)
        {
            _buckets[bucket]++;
            _sum += seconds;
        }
    }

    public void AppendTo(StringBuilder text, string name)
    {
        long[] buckets;
        double sum;
        lock (_gate) (buckets, sum) = ([.. _buckets], _sum);
        string labels = $"method=\"{method}\",code=\"{code}\",store=\"{store}\"";
        long below = 0;
        for (int i = 0; i < Bounds.Length; i++) text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels},le=\"{Bounds[i]}\"}} {below += buckets[i]}\n");
        long count = below + buckets[^1];
        text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels},le=\"+Inf\"}} {count}\n{name}_sum{{{labels}}} {sum}\n{name}_count{{{labels}}} {count}\n");
    }
}
