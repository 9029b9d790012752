using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AuthzGraph.Server.Security.Credentials;

/// <summary>Everybody who is let in, as one reading of the file has it. A new reading is a new book, which takes over who has not changed.</summary>
internal sealed class CredentialBook
{
    private readonly record struct Keyed(byte[] Hash, Caller Caller);

    private readonly FrozenDictionary<ulong, Keyed[]> _keys;
    private readonly FrozenDictionary<CertificateName, Caller> _certificates;
    private readonly ConditionalWeakTable<X509Certificate2, Caller> _recognised = [];

    private CredentialBook(CredentialFile file, CredentialBook? former)
    {
        File = file;
        Dictionary<string, Throttle?> throttles = file.Credentials.ToDictionary(c => c.Terms.Name, c => ThrottleOf(c.Terms, former), StringComparer.Ordinal);
        _keys = file.Credentials
            .SelectMany(c => c.Keys, (c, hash) => new Keyed(hash, Take(former?.Find(hash), c.Terms, throttles[c.Terms.Name])))
            .GroupBy(keyed => SecretHash.Slot(keyed.Hash))
            .ToFrozenDictionary(slot => slot.Key, slot => slot.ToArray());
        _certificates = file.Credentials
            .SelectMany(c => c.Certificates, (c, name) => (Name: name, Caller: Take(former?._certificates.GetValueOrDefault(name), c.Terms, throttles[c.Terms.Name])))
            .ToFrozenDictionary(certified => certified.Name, certified => certified.Caller);
    }

    public CredentialFile File { get; }

    /// <param name="former">The book before this one; those who are no longer in it, or under other terms, are revoked.</param>
    public static CredentialBook Open(CredentialFile file, CredentialBook? former = null)
    {
        var book = new CredentialBook(file, former);
        if (former is not null) book.Supersede(former);
        return book;
    }

    /// <param name="hash">The SHA-256 of the key that was shown.</param>
    public Caller? Find(ReadOnlySpan<byte> hash)
    {
        if (!_keys.TryGetValue(SecretHash.Slot(hash), out Keyed[]? slot)) return null;
        foreach (Keyed keyed in slot)
            if (CryptographicOperations.FixedTimeEquals(keyed.Hash, hash)) return keyed.Caller;
        return null;
    }

    /// <summary>Whose certificate it is, by its subject or one of its alternative names. It was verified in the handshake.</summary>
    public Caller? Find(X509Certificate2 certificate)
    {
        if (_certificates.Count == 0) return null;
        if (_recognised.TryGetValue(certificate, out Caller? known)) return known;
        foreach (CertificateName name in CertificateName.Of(certificate))
        {
            if (!_certificates.TryGetValue(name, out Caller? caller)) continue;
            _recognised.AddOrUpdate(certificate, caller);
            return caller;
        }
        return null;
    }

    private static Caller Take(Caller? former, Terms terms, Throttle? throttle) =>
        former is not null && former.Terms == terms ? former : new Caller(terms, throttle, new Standing());

    private static Throttle? ThrottleOf(Terms terms, CredentialBook? former) =>
        former?.Callers.FirstOrDefault(c => c.Terms.Name == terms.Name && c.Terms.Limits == terms.Limits)?.Throttle ?? Throttle.Of(terms.Limits);

    private ImmutableArray<Caller> Callers => [.. _keys.Values.SelectMany(slot => slot).Select(keyed => keyed.Caller), .. _certificates.Values];

    private void Supersede(CredentialBook former)
    {
        HashSet<Caller> kept = [.. Callers];
        HashSet<Throttle?> used = [.. kept.Select(c => c.Throttle)];
        foreach (Caller gone in former.Callers.Where(c => !kept.Contains(c)))
        {
            gone.Revoke();
            if (!used.Contains(gone.Throttle)) gone.Throttle?.Dispose();
        }
    }
}
