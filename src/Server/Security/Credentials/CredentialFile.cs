using System.Collections.Immutable;
using System.Text;
using AuthzGraph.Model;
using AuthzGraph.Server.Security.Tokens;
using YamlDotNet.Core;
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
        if (new FileInfo(path) is { Exists: true, Length: > MostBytes }) throw new IOException($"{path} is longer than {MostBytes} bytes");
        YamlProblems problems = new(path);
        CredentialFile file = Read(File.ReadAllText(path, Encoding.UTF8), new CredentialReader(problems, Path.GetDirectoryName(Path.GetFullPath(path)) ?? ""), problems);
        return problems.Found.Count == 0 ? file : throw Rejection.Invalid("CREDENTIALS_INVALID", string.Join('\n', problems.Found));
    }

    private static CredentialFile Read(string text, CredentialReader reader, YamlProblems problems)
    {
        YamlStream stream = [];
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException problem)
        {
            problems.Say(problem.Start, "this is not YAML");     // what stands there may be a secret, so it is not repeated
            return new CredentialFile([], []);
        }
        if (stream.Documents.Count > 0 && YamlSection.Of(stream.Documents[0].RootNode, "the file", problems) is { } root) return reader.Read(root);
        return new CredentialFile([], []);
    }
}
