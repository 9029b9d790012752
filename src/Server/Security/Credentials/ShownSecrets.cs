using System.Runtime.CompilerServices;

namespace AuthzGraph.Server.Security.Credentials;

/// <summary>
/// The hashes of secrets that were shown. Kestrel keeps a header that comes again on a connection as the string it was, and it is known here by that string
/// itself, never compared with another and forgotten with it. Only the hash is kept: whose it is, if anybody's, is asked with each call, so that a secret that is
/// taken out is out at once.
/// </summary>
internal sealed class ShownSecrets
{
    private readonly ConditionalWeakTable<string, byte[]> _hashes = [];

    /// <param name="header">The header that the secret is part of.</param>
    public byte[] HashOf(string header, ReadOnlySpan<char> secret)
    {
        if (_hashes.TryGetValue(header, out byte[]? known)) return known;
        byte[] hash = new byte[SecretHash.Size];
        SecretHash.Compute(secret, hash);
        _hashes.AddOrUpdate(header, hash);
        return hash;
    }
}
