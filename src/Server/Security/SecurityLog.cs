namespace AuthzGraph.Server.Security;

/// <summary>What is logged of who is let in. Names of credentials and files; never a secret, a token or a part of one.</summary>
internal static partial class SecurityLog
{
    [LoggerMessage(101, LogLevel.Information, "{Path} was read again: {Credentials} credentials, {Issuers} issuers")]
    public static partial void CredentialsRead(ILogger log, string path, int credentials, int issuers);

    [LoggerMessage(102, LogLevel.Error, "the credentials stay as they were, for the changed file can't be used: {Problem}")]
    public static partial void CredentialsKept(ILogger log, string problem);

    [LoggerMessage(103, LogLevel.Information, "{Path} was read again: new connections get this certificate")]
    public static partial void CertificateRead(ILogger log, string? path);

    [LoggerMessage(104, LogLevel.Error, "the certificate stays as it was, for the changed files can't be used: {Problem}")]
    public static partial void CertificateKept(ILogger log, string problem);

    [LoggerMessage(105, LogLevel.Warning, "{Problem}")]
    public static partial void IssuerTrouble(ILogger log, string problem);
}
