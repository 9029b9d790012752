using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AuthzGraph.Cli.Printing;
using AuthzGraph.Client;
using Google.Protobuf;

namespace AuthzGraph.Cli.Commands;

/// <summary>What every command has around it: where it prints, the server it speaks to, whether it prints JSON.</summary>
internal sealed class Surroundings(Terminal terminal)
{
    private const string ServerVariable = "AUTHZGRAPH_SERVER";
    private const string StoreVariable = "AUTHZGRAPH_STORE";
    private const string TokenVariable = "AUTHZGRAPH_TOKEN";
    private const string DefaultServer = "http://localhost:50051";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public Terminal Terminal { get; } = terminal;

    public Option<string> Server { get; } = new("--server")
    {
        Description = $"The server's gRPC address. [environment: {ServerVariable}]",
        DefaultValueFactory = _ => FromEnvironment(ServerVariable) ?? DefaultServer,
        HelpName = "URL",
        Recursive = true,
    };

    // without a default, which help would print
    public Option<string?> Token { get; } = new("--token")
    {
        Description = $"The key or token to show; better in the environment, where other users don't see it. [environment: {TokenVariable}]",
        HelpName = "KEY",
        Recursive = true,
    };

    public Option<string?> Authorities { get; } = new("--ca")
    {
        Description = "A PEM file with the authorities that may have signed the server's certificate; else those this machine trusts.",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<string?> Store { get; } = new("--store")
    {
        Description = $"Which of the server's stores to speak to. [environment: {StoreVariable}]",
        DefaultValueFactory = _ => FromEnvironment(StoreVariable),
        HelpName = "NAME",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print JSON.", Recursive = true };

    public bool WantsJson(ParseResult parsed) => parsed.GetValue(Json);

    /// <summary>A client of the server that was named.</summary>
    public AuthzGraphClient Connect(ParseResult parsed) => Connect(parsed, Deadline);

    /// <summary>A client for calls that take as long as they take.</summary>
    public AuthzGraphClient ConnectForLong(ParseResult parsed) => Connect(parsed, null);

    private AuthzGraphClient Connect(ParseResult parsed, TimeSpan? deadline)
    {
        string address = parsed.GetRequiredValue(Server);
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
            throw new CommandException($"`{address}` is no server address: write http://host:port");
        return new AuthzGraphClient(uri, new AuthzGraphClientOptions
        {
            Deadline = deadline,
            Token = parsed.GetValue(Token) ?? FromEnvironment(TokenVariable),
            Store = parsed.GetValue(Store),
            Authorities = parsed.GetValue(Authorities) is { } file ? Read(file) : null,
        });
    }

    private static X509Certificate2Collection Read(string file)
    {
        X509Certificate2Collection authorities = [];
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (CryptographicException problem)
        {
            throw new CommandException($"--ca {file}: {problem.Message}");
        }
        return authorities.Count > 0 ? authorities : throw new CommandException($"--ca {file} holds no certificate in PEM");
    }

    private static string? FromEnvironment(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    /// <summary>Prints the message as JSON when that was asked for; otherwise as <paramref name="asText"/> does.</summary>
    public void Print(ParseResult parsed, IMessage message, Action asText)
    {
        if (WantsJson(parsed)) Terminal.Raw(JsonText.Of(message));
        else asText();
    }

    public static Option<string?> AtLeastAsFresh() => new("--at-least-as-fresh")
    {
        Description = "Read nothing older than this consistency token, which a write printed.",
        HelpName = "TOKEN",
    };

    public static Protocol.V1.Consistency? Consistency(ParseResult parsed, Option<string?> atLeastAsFresh) =>
        parsed.GetValue(atLeastAsFresh) is { } token ? new Protocol.V1.Consistency { AtLeastAsFresh = token } : null;
}
