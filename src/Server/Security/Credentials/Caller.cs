using AuthzGraph.Server.Stores;

namespace AuthzGraph.Server.Security.Credentials;

/// <summary>One secret that was recognised: a key, a certificate or a token. Calls that show it share this.</summary>
internal sealed class Caller
{
    private readonly Terms _terms;
    private readonly Throttle? _throttle;
    private readonly Standing _standing;
    private readonly DateTimeOffset? _expiresAt;

    public Caller(Terms terms, Throttle? throttle, Standing standing, DateTimeOffset? expiresAt = null)
    {
        (_terms, _throttle, _standing, _expiresAt) = (terms, throttle, standing, expiresAt);
        Enter = AccessTo;
    }

    /// <summary>Makes its access to a store; kept, so that asking for it costs nothing.</summary>
    public Func<ServedStore, Access> Enter { get; }

    public Terms Terms => _terms;

    /// <summary>Null: it may ask as much as it likes.</summary>
    public Throttle? Throttle => _throttle;

    /// <summary>When the secret ends by itself; null: when it is taken out.</summary>
    public DateTimeOffset? ExpiresAt => _expiresAt;

    /// <summary>Ends what is still going on under this secret.</summary>
    public void Revoke() => _standing.Revoke();

    public bool IsStanding(TimeProvider time) => !_standing.IsRevoked && (_expiresAt is not { } end || time.GetUtcNow() < end);

    private Access AccessTo(ServedStore store) => new()
    {
        Credential = _terms.Name,
        Store = store,
        Rights = _terms.RightsIn(store.Name) ?? Rights.None,
        Principal = _terms.Principal,
        Detail = _terms.Detail,
        Caller = this,
    };
}

/// <summary>Whether secrets still count; those of one issuer share it.</summary>
internal sealed class Standing
{
    private volatile bool _revoked;

    public bool IsRevoked => _revoked;

    public void Revoke() => _revoked = true;
}
