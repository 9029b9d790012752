namespace AuthzGraph.Server.Configuration;

/// <summary>What settings must be to each other.</summary>
internal static class ConfigurationRules
{
    /// <summary>A sentence for each rule that is broken.</summary>
    public static IEnumerable<string> BrokenBy(ServerConfiguration configuration)
    {
        switch (configuration.Data, configuration.InMemory)
        {
            case (null, false):
                yield return "say where the store is: `data` (--data DIR), or `memory` (--memory) for one that is gone afterwards";
                break;
            case ({ }, true):
                yield return $"{Place(configuration, "memory")}: `memory` keeps nothing, but `data` of {Place(configuration, "data")} names a folder: choose one";
                break;
        }
        if (configuration.Server is { GrpcPort: not 0, Security.HasTls: false } && configuration.Server.GrpcPort == configuration.Server.HttpPort)
            yield return $"`port` and `http_port` are both {configuration.Server.GrpcPort}: without TLS gRPC and JSON need a port each";
    }

    private static string Place(ServerConfiguration configuration, string name) => configuration.Places.GetValueOrDefault(name, "default");
}
