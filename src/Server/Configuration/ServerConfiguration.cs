using AuthzGraph.Graph;
using AuthzGraph.Server.Hosting;

namespace AuthzGraph.Server.Configuration;

/// <summary>All that an operator chose, or left as it is.</summary>
public sealed record ServerConfiguration
{
    internal static ServerConfiguration Default { get; } = new();

    /// <summary>The file it was read from; null: none.</summary>
    public string? File { get; internal init; }

    internal string? Data { get; init; }
    internal bool InMemory { get; init; }
    internal LogLevel LogLevel { get; init; } = LogLevel.Warning;
    internal LogFormat LogFormat { get; init; } = LogFormat.Text;

    /// <summary>The rest; where the store is and where log lines go are told by <see cref="ToOptions"/>.</summary>
    internal ServerOptions Server { get; init; } = new() { Storage = new StorageLocation.Memory() };

    /// <summary>Where the value of each setting that was chosen comes from: <c>authzgraph.yaml:3</c>.</summary>
    internal IReadOnlyDictionary<string, string> Places { get; init; } = new Dictionary<string, string>();

    /// <summary>What to start the server with.</summary>
    public ServerOptions ToOptions() => Server with
    {
        Storage = Data is { } folder ? new StorageLocation.Directory(folder) : new StorageLocation.Memory(),
        Logging = logging => ConsoleLog.Add(logging, LogLevel, LogFormat),
    };
}
