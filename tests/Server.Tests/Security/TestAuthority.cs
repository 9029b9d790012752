using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AuthzGraph.Server.Tests.Security;

/// <summary>Signs certificates, for servers and for clients.</summary>
internal sealed class TestAuthority : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int _serial;

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=Test Authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Certificate = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(30));
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>Writes a certificate for this machine, and its key, as PEM.</summary>
    public void WriteServer(string folder, string name = "server")
    {
        using X509Certificate2 certificate = Sign(name, ServerUse, names =>
        {
            names.AddDnsName("localhost");
            names.AddIpAddress(System.Net.IPAddress.Loopback);
        });
        using ECDsa? key = certificate.GetECDsaPrivateKey();
        File.WriteAllText(Path.Combine(folder, "server.key"), key?.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "server.pem"), certificate.ExportCertificatePem());
    }

    /// <summary>A client's certificate with its private key.</summary>
    public X509Certificate2 Client(string name, string? uri = null, bool forServers = false)
    {
        using X509Certificate2 signed = Sign(name, forServers ? ServerUse : ClientUse, names =>
        {
            names.AddDnsName($"{name}.example");
            if (uri is not null) names.AddUri(new Uri(uri));
        });
        return X509CertificateLoader.LoadPkcs12(signed.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose()
    {
        _key.Dispose();
        Certificate.Dispose();
    }

    private X509Certificate2 Sign(string name, string use, Action<SubjectAlternativeNameBuilder> names)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        var alternatives = new SubjectAlternativeNameBuilder();
        names(alternatives);
        request.CertificateExtensions.Add(alternatives.Build());
        using X509Certificate2 signed = request.Create(Certificate, Now.AddHours(-1), Now.AddDays(2), BitConverter.GetBytes(++_serial));
        return signed.CopyWithPrivateKey(key);
    }
}
