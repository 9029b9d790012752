using System.Diagnostics.Metrics;
using System.Text;
using AuthzGraph.Server.Telemetry;

namespace AuthzGraph.Server.Metrics;

/// <summary>Listens to one meter and keeps what it says, for whoever asks.</summary>
internal sealed class MeterReadings : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Reading> _readings = new(StringComparer.Ordinal);

    /// <param name="most">How many series of one histogram are told apart; what comes later counts as "other".</param>
    public MeterReadings(Meter meter, int most)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter != meter) return;
            Reading reading = new(instrument, most);
            lock (_gate) _readings.Add(instrument.Name, reading);
            listener.EnableMeasurementEvents(instrument, reading);
        };
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => (state as Reading)?.Take(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => (state as Reading)?.Take(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => (state as Reading)?.Take(value, tags));
        _listener.Start();
    }

    /// <summary>What every instrument says now, and what is recorded of calls.</summary>
    public string ToPrometheus(CallRecords calls)
    {
        StringBuilder text = new();
        lock (_gate)
        {
            foreach (Reading reading in _readings.Values) reading.Forget();
            _listener.RecordObservableInstruments();
            foreach (Reading reading in _readings.Values) PrometheusText.Append(text, reading);
        }
        calls.AppendTo(text);
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();
}
