using System.CommandLine;
using AuthzGraph.Client;

namespace AuthzGraph.Cli.Commands;

/// <summary>The options that several commands have.</summary>
internal static class Shared
{
    private const string ServerVariable = "AUTHZGRAPH_SERVER";
    private const string DefaultServer = "http://localhost:50051";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static readonly Option<string> Server = new("--server")
    {
        Description = $"The server's gRPC address. [environment: {ServerVariable}]",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } address ? address : DefaultServer,
        HelpName = "URL",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print JSON, as the server's HTTP port answers it.",
        Recursive = true,
    };

    public static Option<string?> AtLeastAsFresh() => new("--at-least-as-fresh")
    {
        Description = "Read nothing older than this consistency token, which a write printed.",
        HelpName = "TOKEN",
    };

    /// <summary>A client of the server that was named.</summary>
    public static AuthzGraphClient Connect(ParseResult parsed)
    {
        string address = parsed.GetRequiredValue(Server);
        if (Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https") return new AuthzGraphClient(uri, Deadline);
        throw new CommandException($"`{address}` is no server address: write http://host:port");
    }

    public static Protocol.V1.Consistency? Consistency(ParseResult parsed, Option<string?> atLeastAsFresh) =>
        parsed.GetValue(atLeastAsFresh) is { } token ? new Protocol.V1.Consistency { AtLeastAsFresh = token } : null;
}
