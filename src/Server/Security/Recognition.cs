using AuthzGraph.Model;
using AuthzGraph.Server.Security.Credentials;
using AuthzGraph.Server.Security.Tokens;

namespace AuthzGraph.Server.Security;

/// <summary>Everybody who is recognised at one time: by keys and certificates, and by tokens.</summary>
internal sealed record Recognition(CredentialBook Book, TokenDesk Desk)
{
    /// <summary>The files it was made of, so that a change of any is noticed.</summary>
    public IEnumerable<string> KeyFiles => Book.File.Issuers.Select(issuer => issuer.Keys).OfType<KeySource.File>().Select(file => file.Path);

    /// <summary>Reads the files. What <paramref name="former"/> recognised and this does not is over.</summary>
    /// <exception cref="RejectionException">The credentials file has mistakes.</exception>
    /// <exception cref="IOException">A file can't be read, or holds no keys.</exception>
    public static Recognition Open(SecurityOptions options, string path, Recognition? former, TimeProvider time, Action<string> trouble)
    {
        CredentialFile file = CredentialFile.Read(path);
        TokenDesk desk;
        try
        {
            desk = new TokenDesk(file.Issuers, time, options.FetchKeysEvery, trouble);
        }
        catch (InvalidDataException e)
        {
            throw new IOException(e.Message, e);
        }
        var next = new Recognition(CredentialBook.Open(file, former?.Book), desk);
        former?.Desk.Dispose();
        return next;
    }
}
