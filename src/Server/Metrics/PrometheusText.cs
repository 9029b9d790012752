using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace AuthzGraph.Server.Metrics;

/// <summary>Readings in the text format of Prometheus, version 0.0.4. Names follow OpenTelemetry's rules for it: the unit, then <c>_total</c>.</summary>
internal static class PrometheusText
{
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Of(IEnumerable<Reading> readings)
    {
        StringBuilder text = new();
        foreach (Reading reading in readings) Append(text, reading);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Reading reading)
    {
        bool isCounter = reading.Instrument is ObservableCounter<long> or Counter<long>;
        string name = NameOf(reading.Instrument) + (isCounter ? "_total" : "");
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {reading.Instrument.Description}\n");
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {(isCounter ? "counter" : reading.Histogram is null ? "gauge" : "histogram")}\n");
        if (reading.Histogram is { } histogram) histogram.AppendTo(text, name);
        else text.Append(CultureInfo.InvariantCulture, $"{name} {reading.Value}\n");
    }

    private static string NameOf(Instrument instrument) => instrument.Name.Replace('.', '_') + instrument.Unit switch
    {
        "s" => "_seconds",
        "By" => "_bytes",
        _ => "",
    };
}
