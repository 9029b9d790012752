using AuthzGraph.Graph;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AuthzGraph.Server.Telemetry;

/// <summary>Sends spans and metrics to a collector over OTLP, until it is disposed; what is left is sent then.</summary>
internal sealed class Exporting : IDisposable
{
    private const string Service = "authzgraph";
    private const int DrainTimeoutMs = 5_000;

    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    /// <param name="mostSeries">How many series of one instrument are sent: as many as are told apart, one for others, and one that the library keeps.</param>
    public Exporting(TelemetryOptions options, int mostSeries)
    {
        if (options.Collector is not { } collector) return;
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService(Service))
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TracedPercent / 100.0)))
            .AddSource(CallRecords.Name)
            .AddOtlpExporter(exporter => Aim(exporter, collector, options.Protocol, "v1/traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService(Service))
            .AddMeter(CallRecords.Name, GraphMeter.Name)
            .AddView(instrument => instrument.Name is CallRecords.Duration or GraphMeter.Decided ? new MetricStreamConfiguration { CardinalityLimit = mostSeries + 2 } : null)
            .AddOtlpExporter((exporter, reader) =>
            {
                Aim(exporter, collector, options.Protocol, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.Interval.TotalMilliseconds;
            })
            .Build();
    }

    public void Dispose()
    {
        _traces?.Shutdown(DrainTimeoutMs);
        _metrics?.Shutdown(DrainTimeoutMs);
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private static void Aim(OtlpExporterOptions exporter, Uri collector, CollectorProtocol protocol, string path)
    {
        bool overHttp = protocol is CollectorProtocol.Http;
        exporter.Protocol = overHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = overHttp ? new Uri(collector.AbsoluteUri.TrimEnd('/') + "/" + path) : collector;
    }
}
