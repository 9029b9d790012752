using System.Text;
using AuthzGraph.Server.Metrics;

namespace AuthzGraph.Server.Telemetry;

/// <summary>Calls that have method, code and store in common: how many there were, and how long they took.</summary>
internal sealed class CallSeries(string method, string code, string store)
{
    /// <summary>Seconds.</summary>
    public static readonly double[] Bounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Buckets _buckets = new(Bounds);

    /// <summary>As meters take them; made once, so that a record allocates nothing.</summary>
    public KeyValuePair<string, object?>[] Tags { get; } = [new("method", method), new("code", code), new("store", store)];

    public void Take(double seconds) => _buckets.Take(seconds);

    public void AppendTo(StringBuilder text, string name) => _buckets.AppendTo(text, name, $"method=\"{method}\",code=\"{code}\",store=\"{store}\"");
}
