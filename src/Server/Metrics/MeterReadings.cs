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

/// <summary>What one instrument has said: a count or the last value, or a histogram.</summary>
internal sealed class Reading(Instrument instrument)
{
    private readonly Lock _gate = new();
    private double _value;

    public Instrument Instrument => instrument;

    /// <summary>Null: it is no histogram.</summary>
    public Buckets? Histogram { get; } = instrument is Histogram<double> histogram ? new Buckets([.. histogram.Advice?.HistogramBucketBoundaries ?? []]) : null;

    /// <summary>The sum of a counter, the last value of what is observed.</summary>
    public double Value
    {
        get { lock (_gate) return _value; }
    }

    public void Take(double value)
    {
        if (Histogram is { } histogram) histogram.Take(value);
        else lock (_gate) _value = instrument.IsObservable ? value : _value + value;
    }
}
