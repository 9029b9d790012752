namespace AuthzGraph.Server.Security;

/// <summary>Who is let in, and how connections are protected. Without a credentials file the server is in development mode.</summary>
public sealed record SecurityOptions
{
    /// <summary>
    /// A YAML file with credentials and issuers of tokens (docs/security.md); read again when it changes. Null: development mode, in which
    /// this machine alone can connect and whoever does may do everything.
    /// </summary>
    public string? CredentialsFile { get; init; }

    /// <summary>The address to listen on: 127.0.0.1, 0.0.0.0, ::. Others than loopback need credentials, and TLS or <see cref="AllowPlaintext"/>.</summary>
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>Whether addresses other than loopback may be listened on without TLS, because something in front of the server does it.</summary>
    public bool AllowPlaintext { get; init; }

    /// <summary>A PEM file with the server's certificate and those that lead from it to its root; null: no TLS. Read again when it changes.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>The PEM file of its private key; null: it is in the file of the certificate.</summary>
    public string? TlsKey { get; init; }

    /// <summary>A PEM file with the authorities that sign clients' certificates; null: clients show none. Read again when it changes.</summary>
    public string? TlsClientAuthorities { get; init; }

    /// <summary>Whether /metrics is open to everybody who can connect; otherwise it needs the right <c>admin</c>.</summary>
    public bool OpenMetrics { get; init; }

    /// <summary>How often the files are looked at.</summary>
    public TimeSpan ReloadEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the keys of an issuer are fetched anew.</summary>
    public TimeSpan FetchKeysEvery { get; init; } = TimeSpan.FromMinutes(5);

    internal bool IsDevelopment => CredentialsFile is null;

    internal bool HasTls => TlsCertificate is not null;
}
