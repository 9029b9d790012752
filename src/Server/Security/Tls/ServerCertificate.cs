using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AuthzGraph.Server.Security.Tls;

/// <summary>What the server shows and believes in a TLS handshake, as its files have it now. New connections get what was read last.</summary>
internal sealed class ServerCertificate
{
    private readonly SecurityOptions _options;
    private volatile Loaded _loaded;

    private sealed record Loaded(SslStreamCertificateContext Context, X509Certificate2Collection? Authorities);

    /// <exception cref="IOException">A file can't be read, or isn't PEM.</exception>
    public ServerCertificate(SecurityOptions options)
    {
        _options = options;
        _loaded = Load(options);
    }

    public IEnumerable<string> Files => new[] { _options.TlsCertificate, _options.TlsKey, _options.TlsClientAuthorities }.OfType<string>();

    /// <inheritdoc cref="ServerCertificate(SecurityOptions)"/>
    public void Reload() => _loaded = Load(_options);

    /// <summary>How one connection is secured.</summary>
    public SslServerAuthenticationOptions ForConnection()
    {
        Loaded now = _loaded;
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = now.Context,
            ClientCertificateRequired = now.Authorities is not null,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => now.Authorities is null || certificate is null || IsSigned(certificate, now.Authorities),
        };
    }

    private static Loaded Load(SecurityOptions options)
    {
        string path = options.TlsCertificate ?? "";
        try
        {
            using X509Certificate2 read = X509Certificate2.CreateFromPemFile(path, options.TlsKey);
            // a key that came from PEM has to be brought in once more before a handshake can use it on every platform
            X509Certificate2 own = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), password: null);
            X509Certificate2Collection chain = [];
            chain.ImportFromPemFile(path);
            return new Loaded(SslStreamCertificateContext.Create(own, chain, offline: true), Authorities(options.TlsClientAuthorities));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new IOException($"{path}{(options.TlsKey is { } key ? $" and {key}" : "")}: no certificate with its private key in PEM: {e.Message}", e);
        }
    }

    private static X509Certificate2Collection? Authorities(string? path)
    {
        if (path is null) return null;
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile(path);
        return authorities.Count > 0 ? authorities : throw new IOException($"{path} holds no certificate in PEM");
    }

    /// <summary>A client without a certificate may have another credential; one with a certificate has to have a good one.</summary>
    private static bool IsSigned(X509Certificate certificate, X509Certificate2Collection authorities)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));    // client authentication
        return chain.Build(certificate as X509Certificate2 ?? X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));
    }
}
