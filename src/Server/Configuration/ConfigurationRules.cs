namespace AuthzGraph.Server.Configuration;

/// <summary>What settings must be to each other.</summary>
internal static class ConfigurationRules
{
    /// <summary>A sentence for each rule that is broken.</summary>
    public static IEnumerable<string> BrokenBy(ServerConfiguration configuration)
    {
        foreach (string rule in Places(configuration)) yield return rule;
        if (configuration.Server is { Stores.IsTesting: true, Security.CredentialsFile: not null })
            yield return $"{Place(configuration, "testing")}: `testing` asks nobody for credentials, so `credentials` of {Place(configuration, "credentials")} says nothing: choose one";
        if (configuration.Server is { GrpcPort: not 0, Security.HasTls: false } && configuration.Server.GrpcPort == configuration.Server.HttpPort)
            yield return $"`port` and `http_port` are both {configuration.Server.GrpcPort}: without TLS gRPC and JSON need a port each";
    }

    private static IEnumerable<string> Places(ServerConfiguration configuration)
    {
        string folder = configuration.Data is null ? "load" : "data";
        switch (configuration)
        {
            case { Server.Stores.IsTesting: true } when configuration.Data is not null || configuration.Server.LoadFolder is not null:
                yield return $"{Place(configuration, "testing")}: `testing` gives every token an empty store in memory, so `{folder}` of {Place(configuration, folder)} says nothing: leave it out";
                break;
            case { Server.Stores.IsTesting: true }:
                break;
            case { Data: null, InMemory: false }:
                yield return "say where the store is: --data DIR, or --memory for one that is gone afterwards (`data` and `memory` in the file)";
                break;
            case { Data: { }, InMemory: true }:
                yield return $"{Place(configuration, "memory")}: `memory` keeps nothing, but `data` of {Place(configuration, "data")} names a folder: choose one";
                break;
        }
    }

    private static string Place(ServerConfiguration configuration, string name) => configuration.Places.GetValueOrDefault(name, "default");
}
