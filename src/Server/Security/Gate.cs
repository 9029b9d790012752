using System.Net;
using System.Runtime.InteropServices;
using AuthzGraph.Model;
using AuthzGraph.Server.Security.Tls;
using AuthzGraph.Server.Stores;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace AuthzGraph.Server.Security;

/// <summary>All of a server's security while it runs: its doorkeeper, its certificate, and the watch on the files of both.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private readonly SecurityOptions _options;
    private readonly ServerCertificate? _certificate;
    private readonly FileWatch _watch = new();
    private readonly TimeProvider _time;
    private PosixSignalRegistration? _hangup;
    private ILogger? _log;

    private Gate(SecurityOptions options, IStoreSource stores, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _certificate = options.HasTls ? new ServerCertificate(options) : null;
        Recognition? recognition = options.CredentialsFile is { } file ? Recognition.Open(options, file, former: null, time, Trouble) : null;
        Door = new Doorkeeper(recognition, stores, time);
    }

    public Doorkeeper Door { get; }

    /// <summary>Whether whoever reaches the server may do everything.</summary>
    public bool IsDevelopment => _options.IsDevelopment;

    public bool HasOpenMetrics => _options.OpenMetrics;

    /// <summary>One line for whoever starts the server: who is let in.</summary>
    public string Announcement => Door.Recognition is { } known
        ? $"  who    {known.Book.File.Credentials.Length} credentials and {known.Book.File.Issuers.Length} issuers of tokens; nobody without one is let in"
        : "Development mode: there are no credentials, so only this machine can connect, and whoever does may do everything.";

    /// <summary>Reads the files.</summary>
    /// <exception cref="RejectionException">The options contradict each other, or the credentials file has mistakes.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static Gate Open(SecurityOptions options, IStoreSource stores, TimeProvider time)
    {
        Check(options);
        return new Gate(options, stores, time);
    }

    /// <summary>Opens the ports. With TLS each speaks HTTP/1.1 and HTTP/2, so one is enough.</summary>
    public void Listen(KestrelServerOptions kestrel, int grpcPort, int httpPort)
    {
        IPAddress address = IPAddress.Parse(_options.Listen);
        if (_certificate is { } certificate)
        {
            foreach (int port in grpcPort == httpPort && grpcPort != 0 ? [grpcPort] : new[] { grpcPort, httpPort })
                kestrel.Listen(address, port, listen => listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(certificate.ForConnection()) }));
            return;
        }
        kestrel.Listen(address, grpcPort, listen => listen.Protocols = HttpProtocols.Http2);
        kestrel.Listen(address, httpPort, listen => listen.Protocols = HttpProtocols.Http1);
    }

    /// <summary>From now on the files are read again when they change, or at once on SIGHUP.</summary>
    public void Watch(ILogger log)
    {
        _log = log;
        if (_options.CredentialsFile is { } file) _watch.Add(() => [file, .. Door.Recognition?.KeyFiles ?? []], () => ReadCredentials(file));
        if (_certificate is { } certificate) _watch.Add(() => certificate.Files, () => ReadCertificate(certificate));
        _watch.Start(_options.ReloadEvery);
        if (_options.IsDevelopment) return;
        _hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _watch.Ask();
        });
    }

    public async ValueTask DisposeAsync()
    {
        _hangup?.Dispose();
        await _watch.DisposeAsync();
        Door.Recognition?.Desk.Dispose();
    }

    private void ReadCredentials(string file)
    {
        try
        {
            Recognition now = Recognition.Open(_options, file, Door.Recognition, _time, Trouble);
            Door.Recognition = now;
            if (_log is { } log) SecurityLog.CredentialsRead(log, file, now.Book.File.Credentials.Length, now.Book.File.Issuers.Length);
        }
        catch (Exception e) when (e is RejectionException or IOException or UnauthorizedAccessException)
        {
            if (_log is { } log) SecurityLog.CredentialsKept(log, e.Message);
        }
    }

    private void ReadCertificate(ServerCertificate certificate)
    {
        try
        {
            certificate.Reload();
            if (_log is { } log) SecurityLog.CertificateRead(log, _options.TlsCertificate);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_log is { } log) SecurityLog.CertificateKept(log, e.Message);
        }
    }

    private void Trouble(string problem)
    {
        if (_log is { } log) SecurityLog.IssuerTrouble(log, problem);
    }

    private static void Check(SecurityOptions options)
    {
        if (!IPAddress.TryParse(options.Listen, out IPAddress? address)) throw Refuse($"`listen` is `{options.Listen}`, which is no address: write 127.0.0.1, 0.0.0.0 or ::");
        if (options is { TlsKey: not null, TlsCertificate: null }) throw Refuse("`tls.key` is given without `tls.certificate`");
        if (options is { TlsClientAuthorities: not null, TlsCertificate: null }) throw Refuse("`tls.client_authorities` is given without `tls.certificate`");
        if (IPAddress.IsLoopback(address)) return;
        if (options.IsDevelopment) throw Refuse($"`listen` is {address}, where other machines can connect: that needs `credentials`, a file that says who is let in");
        if (!options.HasTls && !options.AllowPlaintext)
            throw Refuse($"`listen` is {address}, where keys and tokens would cross the network unprotected: give `tls.certificate`, or say `insecure` when something in front of the server does TLS");
    }

    private static RejectionException Refuse(string problem) => Rejection.Invalid("SECURITY_OPTIONS", problem);
}
