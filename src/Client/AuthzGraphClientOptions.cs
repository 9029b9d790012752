using System.Security.Cryptography.X509Certificates;

namespace AuthzGraph.Client;

/// <summary>How a client calls its server.</summary>
public sealed record AuthzGraphClientOptions
{
    /// <summary>The longest a call may take, streams included; null: for ever.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>A key or a token, sent with every call; null: none. Use https, or a connection that nobody else can read.</summary>
    public string? Token { get; init; }

    /// <summary>Which of the server's stores to speak to; null: the one of the credential, or the server's first.</summary>
    public string? Store { get; init; }

    /// <summary>The authorities that may have signed the server's certificate; null: those this machine trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The client's own certificate with its private key, for servers that know callers by it; null: none.</summary>
    public X509Certificate2? Certificate { get; init; }
}
