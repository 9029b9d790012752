using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Stores;
using AuthzGraph.Server.Telemetry;

namespace AuthzGraph.Server.Hosting;

/// <summary>What a server serves, and where.</summary>
public sealed record ServerOptions
{
    public const int DefaultGrpcPort = 50051;
    public const int DefaultHttpPort = 8080;

    public required StorageLocation Storage { get; init; }

    /// <summary>The port of gRPC, which is HTTP/2; 0: any that is free.</summary>
    public int GrpcPort { get; init; } = DefaultGrpcPort;

    /// <summary>The port of JSON over HTTP/1.1; 0: any that is free. With TLS both ports speak both, and may be one.</summary>
    public int HttpPort { get; init; } = DefaultHttpPort;

    /// <summary>A folder with a schema and relationships for a store that has no schema yet; null: none.</summary>
    public string? LoadFolder { get; init; }

    /// <summary>Where enforcement points reach the server, for AuthZEN's metadata: absolute, https. Null: it gives none.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Who is let in, from where, and how connections are protected.</summary>
    public SecurityOptions Security { get; init; } = new();

    public StoreOptions Stores { get; init; } = new();
    public TelemetryOptions Telemetry { get; init; } = new();
    public Limits Limits { get; init; } = Limits.Default;
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where log lines go; null: nowhere.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }

    /// <summary>Services besides the server's own, so that an empty call can be measured beside theirs.</summary>
    internal IReadOnlyList<RpcService> Besides { get; init; } = [];
}
