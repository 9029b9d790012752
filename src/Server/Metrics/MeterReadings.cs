using System.Diagnostics.Metrics;
using System.Text;
using AuthzGraph.Server.Telemetry;

namespace AuthzGraph.Server.Metrics;

/// <summary>Listens to one meter and keeps what it says, for whoever asks. Its instruments carry no tags.</summary>
internal sealed class MeterReadings : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Reading> _readings = new(StringComparer.Ordinal);

    public MeterReadings(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter != meter) return;
            Reading reading = new(instrument);
            lock (_gate) _readings.Add(instrument.Name, reading);
            listener.EnableMeasurementEvents(instrument, reading);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, state) => (state as Reading)?.Take(value));
        _listener.SetMeasurementEventCallback<double>((_, value, _, state) => (state as Reading)?.Take(value));
        _listener.Start();
    }

    /// <summary>What every instrument says now, and what is recorded of calls.</summary>
    public string ToPrometheus(CallRecords calls)
    {
        _listener.RecordObservableInstruments();
        StringBuilder text = new();
        lock (_gate) text.Append(PrometheusText.Of(_readings.Values));
        calls.AppendTo(text);
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();
}

/// <summary>What one instrument has said: a count or the last value, and of a histogram how much fell into each bucket.</summary>
internal sealed class Reading(Instrument instrument)
{
    private readonly Lock _gate = new();
    private readonly double[] _bounds = [.. (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? []];
    private readonly long[] _buckets = new long[((instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries?.Count ?? 0) + 1];
    private double _value;
    private long _count;

    public Instrument Instrument => instrument;

    public bool IsHistogram => instrument is Histogram<double>;

    public void Take(double value)
    {
        lock (_gate)
        {
            _count++;
            _value = instrument.IsObservable ? value : _value + value;
            if (!IsHistogram) return;
            int bucket = 0;
            while (bucket < _bounds.Length && value > _bounds[bucket]) bucket++;
            _buckets[bucket]++;
        }
    }

    /// <summary>The value or sum, how many there were, and of a histogram how many were at most each bound.</summary>
    public (double Value, long Count, (double Bound, long Count)[] Buckets) Now()
    {
        lock (_gate)
        {
            long below = 0;
            return (_value, _count, [.. _bounds.Select((bound, i) => (bound, below += _buckets[i]))]);
        }
    }
}
