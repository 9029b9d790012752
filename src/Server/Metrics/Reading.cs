using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace AuthzGraph.Server.Metrics;

/// <summary>What one instrument has said, for each combination of tags: what it was observed to be, or a histogram.</summary>
/// <param name="most">How many combinations a histogram keeps apart.</param>
internal sealed class Reading(Instrument instrument, int most)
{
    private const string Others = "store=\"other\"";

    private readonly double[]? _bounds = instrument is Histogram<double> histogram ? [.. histogram.Advice?.HistogramBucketBoundaries ?? []] : null;
    private readonly ConcurrentDictionary<object, (string Labels, Buckets Buckets)> _histograms = [];
    private readonly SortedDictionary<string, double> _values = new(StringComparer.Ordinal);

    public Instrument Instrument => instrument;

    public bool IsHistogram => _bounds is not null;

    /// <summary>By labels: <c>store="default"</c>.</summary>
    public IEnumerable<KeyValuePair<string, double>> Values => _values;

    public IEnumerable<(string Labels, Buckets Buckets)> Histograms => _histograms.Values.OrderBy(series => series.Labels, StringComparer.Ordinal);

    /// <summary>Takes a measurement: of a histogram on any thread, of what is observed on the one that observes.</summary>
    public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_bounds is { } bounds) BucketsOf(bounds, tags).Take(value);
        else _values[PrometheusText.Labels(tags)] = value;
    }

    /// <summary>Makes room for what is observed next: a store that is closed has no values any more.</summary>
    public void Forget() => _values.Clear();

    // histograms have one tag at most, so that finding their series allocates nothing
    private Buckets BucketsOf(double[] bounds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        object key = tags is [{ Value: { } only }, ..] ? only : "";
        if (_histograms.TryGetValue(key, out (string Labels, Buckets Buckets) known)) return known.Buckets;
        string labels = PrometheusText.Labels(tags);
        if (_histograms.Count >= most) (key, labels) = (Others, Others);
        return _histograms.GetOrAdd(key, _ => (labels, new Buckets(bounds))).Buckets;
    }
}
