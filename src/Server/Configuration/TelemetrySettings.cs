using AuthzGraph.Server.Telemetry;

namespace AuthzGraph.Server.Configuration;

/// <summary>The settings that are <see cref="TelemetryOptions"/>.</summary>
internal static class TelemetrySettings
{
    public static Setting[] All =>
    [
        Of("telemetry.collector", SettingTypes.Url, "An OTLP collector that traces and metrics are sent to: http://localhost:4318.", t => t.Collector, (t, v) => t with { Collector = v }),
        Of("telemetry.protocol", SettingTypes.Word(Protocols), "How the collector is spoken to: protobuf over HTTP, or gRPC.", t => t.Protocol, (t, v) => t with { Protocol = v }),
        Of("telemetry.interval", SettingTypes.Time(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)), "How often metrics are sent.",
            t => t.Interval, (t, v) => t with { Interval = v }),
        Of("telemetry.traced_percent", SettingTypes.Count(0, 100), "How many of a hundred traces that begin here are sent.", t => t.TracedPercent, (t, v) => t with { TracedPercent = v }),
    ];

    private static (string, CollectorProtocol)[] Protocols => [("http", CollectorProtocol.Http), ("grpc", CollectorProtocol.Grpc)];

    private static Setting Of<T>(string name, SettingType<T> type, string description, Func<TelemetryOptions, T> get, Func<TelemetryOptions, T, TelemetryOptions> set) =>
        Setting.Of(name, type, description, c => get(c.Server.Telemetry), (c, v) => c with { Server = c.Server with { Telemetry = set(c.Server.Telemetry, v) } });
}
