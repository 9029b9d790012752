namespace AuthzGraph.Server.Telemetry;

/// <summary>What a server tells about its calls, and whom.</summary>
public sealed record TelemetryOptions
{
    /// <summary>A collector that takes OTLP: traces and metrics go to <c>v1/traces</c> and <c>v1/metrics</c> below this. Null: nowhere.</summary>
    public Uri? Collector { get; init; }

    public CollectorProtocol Protocol { get; init; } = CollectorProtocol.Http;

    /// <summary>How often metrics are sent.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many of a hundred traces that begin here are sent; one that a caller began is sent if the caller's is.</summary>
    public int TracedPercent { get; init; } = 100;

    /// <summary>A unary call that takes longer has a line in the log.</summary>
    public TimeSpan SlowCall { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>How a collector is spoken to.</summary>
public enum CollectorProtocol
{
    /// <summary>Protobuf over HTTP/1.1, port 4318 by custom.</summary>
    Http,

    /// <summary>gRPC, port 4317 by custom.</summary>
    Grpc,
}
