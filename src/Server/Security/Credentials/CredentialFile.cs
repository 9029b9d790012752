using System.Collections.Immutable;
using AuthzGraph.Model;
using AuthzGraph.Server.Security.Tokens;
using AuthzGraph.Server.Yaml;
using YamlDotNet.RepresentationModel;

namespace AuthzGraph.Server.Security.Credentials;

/// <summary>One entry of the file.</summary>
/// <param name="Keys">SHA-256 hashes; two while a key is exchanged for another.</param>
internal sealed record Credential(Terms Terms, ImmutableArray<byte[]> Keys, ImmutableArray<CertificateName> Certificates);

/// <summary>The file that says who is let in: <c>docs/security.md</c> has its form.</summary>
internal sealed record CredentialFile(ImmutableArray<Credential> Credentials, ImmutableArray<TokenIssuer> Issuers)
{
    private const int MostBytes = 16 << 20;

    /// <exception cref="RejectionException">Something is wrong with it: a line for each mistake, with its place.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CredentialFile Read(string path)
    {
        YamlProblems problems = new(path, []);
        YamlNode? document = YamlFile.Read(path, MostBytes, "credentials file", holdsSecrets: true, problems);
        var reader = new CredentialReader(problems, Path.GetDirectoryName(Path.GetFullPath(path)) ?? "");
        CredentialFile file = document is not null && YamlSection.Of(document, "the file", problems) is { } root ? reader.Read(root) : new CredentialFile([], []);
        return problems.Found.Count == 0 ? file : throw Rejection.Invalid("CREDENTIALS_INVALID", string.Join('\n', problems.Found));
    }
}
