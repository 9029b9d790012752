using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace AuthzGraph.Server.Metrics;

/// <summary>Readings in the text format of Prometheus, version 0.0.4. Names follow OpenTelemetry's rules for it: the unit, then <c>_total</c>.</summary>
internal static class PrometheusText
{
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    public static void Append(StringBuilder text, Reading reading)
    {
        bool isCounter = reading.Instrument is ObservableCounter<long>;
        string name = NameOf(reading.Instrument) + (isCounter ? "_total" : "");
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {reading.Instrument.Description}\n");
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {(isCounter ? "counter" : reading.IsHistogram ? "histogram" : "gauge")}\n");
        foreach ((string labels, Buckets buckets) in reading.Histograms) buckets.AppendTo(text, name, labels);
        foreach ((string labels, double value) in reading.Values)
            text.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length == 0 ? "" : $"{{{labels}}}")} {value}\n");
    }

    /// <summary><c>store="default",mode="direct"</c>. None of our labels holds what would have to be escaped: they are names and codes.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        StringBuilder text = new();
        foreach ((string name, object? value) in tags) text.Append(CultureInfo.InvariantCulture, $"{(text.Length == 0 ? "" : ",")}{name}=\"{value}\"");
        return text.ToString();
    }

    private static string NameOf(Instrument instrument) => instrument.Name.Replace('.', '_') + instrument.Unit switch
    {
        "s" => "_seconds",
        "By" => "_bytes",
        _ => "",
    };
}
