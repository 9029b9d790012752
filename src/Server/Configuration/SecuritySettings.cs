using AuthzGraph.Server.Security;

namespace AuthzGraph.Server.Configuration;

/// <summary>The settings that are <see cref="SecurityOptions"/>.</summary>
internal static class SecuritySettings
{
    public static Setting[] All =>
    [
        Of("credentials", SettingTypes.Path, "The file that says who is let in, read again when it changes; without it only this machine can connect, and may do everything.",
            s => s.CredentialsFile, (s, v) => s with { CredentialsFile = v }),
        Of("listen", SettingTypes.Address, "The address to listen on; others than loopback need `credentials`, and `tls.certificate` or `insecure`.",
            s => s.Listen, (s, v) => s with { Listen = v }),
        Of("insecure", SettingTypes.OnOff, "Listen on other addresses than loopback without TLS, because something in front of the server does it.",
            s => s.AllowPlaintext, (s, v) => s with { AllowPlaintext = v }),
        Of("open_metrics", SettingTypes.OnOff, "Show /metrics to whoever can connect; otherwise it needs the right `admin`.",
            s => s.OpenMetrics, (s, v) => s with { OpenMetrics = v }),
        Of("tls.certificate", SettingTypes.Path, "The server's certificate in PEM, with those between it and its root; read again when it changes.",
            s => s.TlsCertificate, (s, v) => s with { TlsCertificate = v }),
        Of("tls.key", SettingTypes.Path, "The certificate's private key in PEM, unless it is in the same file.", s => s.TlsKey, (s, v) => s with { TlsKey = v }),
        Of("tls.client_authorities", SettingTypes.Path, "The authorities, in PEM, whose client certificates are looked up in `credentials`.",
            s => s.TlsClientAuthorities, (s, v) => s with { TlsClientAuthorities = v }),
    ];

    private static Setting Of<T>(string name, SettingType<T> type, string description, Func<SecurityOptions, T> get, Func<SecurityOptions, T, SecurityOptions> set) =>
        Setting.Of(name, type, description, c => get(c.Server.Security), (c, v) => c with { Server = c.Server with { Security = set(c.Server.Security, v) } });
}
