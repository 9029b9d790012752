using System.Collections.Concurrent;

namespace AuthzGraph.Server.Security.Credentials;

/// <summary>One secret that was recognised: a key, a certificate or a token. Calls that show it share this.</summary>
internal sealed class Caller(Terms terms, Throttle? throttle, Standing standing, DateTimeOffset? expiresAt = null)
{
    private readonly ConcurrentDictionary<string, Access> _accesses = new(StringComparer.Ordinal);

    public Terms Terms => terms;

    /// <summary>Null: it may ask as much as it likes.</summary>
    public Throttle? Throttle => throttle;

    /// <summary>When the secret ends by itself; null: when it is taken out.</summary>
    public DateTimeOffset? ExpiresAt => expiresAt;

    /// <summary>Ends what is still going on under this secret.</summary>
    public void Revoke() => standing.Revoke();

    public bool IsStanding(TimeProvider time) => !standing.IsRevoked && (expiresAt is not { } end || time.GetUtcNow() < end);

    /// <summary>The access to a store, made when it is first asked for.</summary>
    public Access AccessTo(string store, Func<string, Caller, Access> make) =>
        _accesses.TryGetValue(store, out Access? access) ? access : _accesses.GetOrAdd(store, make, this);
}

/// <summary>Whether secrets still count; those of one issuer share it.</summary>
internal sealed class Standing
{
    private volatile bool _revoked;

    public bool IsRevoked => _revoked;

    public void Revoke() => _revoked = true;
}
