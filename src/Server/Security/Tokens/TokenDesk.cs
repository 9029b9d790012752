using System.Collections.Concurrent;
using System.Collections.Immutable;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Security.Credentials;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthzGraph.Server.Security.Tokens;

/// <summary>
/// Recognises JSON Web Tokens (RFC 7519) of the issuers that are trusted. A token that was found good is remembered by its hash until
/// it ends, so the signature is verified once and not for each call.
/// </summary>
internal sealed class TokenDesk : IDisposable
{
    private const int MostRemembered = 20_000;

    // clocks differ: a token may be this much younger than our own clock believes; its end is its end
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    // however long a token lives, its key is looked at again after this
    private static readonly TimeSpan LongestMemory = TimeSpan.FromMinutes(5);

    private readonly record struct Remembered(byte[] Hash, Caller Caller, DateTimeOffset Until);

    private readonly JsonWebTokenHandler _reader = new() { MaximumTokenSizeInBytes = 16 << 10 };
    private readonly ConcurrentDictionary<ulong, Remembered> _remembered = new();
    private readonly Dictionary<string, Trusted> _issuers;
    private readonly TimeProvider _time;
    private readonly Standing _standing = new();

    private sealed record Trusted(TokenIssuer Issuer, IssuerKeys Keys, Throttle? Throttle);

    /// <exception cref="IOException">A file with keys can't be read.</exception>
    /// <exception cref="InvalidDataException">It holds none.</exception>
    public TokenDesk(ImmutableArray<TokenIssuer> issuers, TimeProvider time, TimeSpan fetchKeysEvery, Action<string> trouble)
    {
        _time = time;
        _issuers = issuers.ToDictionary(
            issuer => issuer.Issuer, issuer => new Trusted(issuer, new IssuerKeys(issuer.Keys, time, fetchKeysEvery, trouble), Throttle.Of(issuer.Terms.Limits)),
            StringComparer.Ordinal);
    }

    /// <summary>Whether a secret looks like a token at all: three parts.</summary>
    public bool Takes(ReadOnlySpan<char> secret) => _issuers.Count > 0 && secret.Count('.') == 2;

    /// <summary>The bearer of a token that was seen before and still holds.</summary>
    public Caller? Recall(ReadOnlySpan<byte> hash) =>
        _remembered.TryGetValue(SecretHash.Slot(hash), out Remembered seen)
        && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(seen.Hash, hash) && _time.GetUtcNow() < seen.Until && seen.Caller.IsStanding(_time)
            ? seen.Caller
            : null;

    /// <exception cref="AuthzGraph.Rpc.RpcException">UNAUTHENTICATED: it is no token that holds here. UNAVAILABLE: the keys can't be had.</exception>
    public async ValueTask<Caller> VerifyAsync(string token, byte[] hash)
    {
        Trusted trusted = IssuerOf(token);
        IReadOnlyList<SecurityKey> keys = await trusted.Keys.GetAsync() ?? throw Refusals.KeysMissing(trusted.Issuer.Terms.Name);
        TokenValidationResult result = await _reader.ValidateTokenAsync(token, Rules(trusted.Issuer, keys));
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException && await trusted.Keys.LookAgainAsync() && await trusted.Keys.GetAsync() is { } others)
            result = await _reader.ValidateTokenAsync(token, Rules(trusted.Issuer, others));
        if (!result.IsValid || result.SecurityToken is not JsonWebToken valid) throw Refuse(result.Exception);
        Caller caller = new(TokenTerms.Of(valid, trusted.Issuer), trusted.Throttle, _standing, new DateTimeOffset(valid.ValidTo, TimeSpan.Zero));
        Remember(hash, caller);
        return caller;
    }

    /// <summary>Ends what goes on under the tokens that were seen.</summary>
    public void Dispose()
    {
        _standing.Revoke();
        foreach (Trusted trusted in _issuers.Values)
        {
            trusted.Keys.Dispose();
            trusted.Throttle?.Dispose();
        }
    }

    // Nothing is believed yet of what it says: it only chooses the keys that it is verified with.
    private Trusted IssuerOf(string token)
    {
        try
        {
            if (token.Length <= _reader.MaximumTokenSizeInBytes && _issuers.TryGetValue(_reader.ReadJsonWebToken(token).Issuer, out Trusted? trusted)) return trusted;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or FormatException)
        {
            throw Refusals.TokenRefused("it can't be read");
        }
        throw Refusals.TokenRefused("its issuer is not trusted here");
    }

    private TokenValidationParameters Rules(TokenIssuer issuer, IReadOnlyList<SecurityKey> keys) => new()
    {
        ValidIssuer = issuer.Issuer,
        ValidAudiences = issuer.Audiences,
        ValidAlgorithms = issuer.Algorithms,
        IssuerSigningKeys = keys,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        LifetimeValidator = (from, until, _, _) => Holds(from, until),
    };

    private bool Holds(DateTime? from, DateTime? until)
    {
        DateTime now = _time.GetUtcNow().UtcDateTime;
        if (until is not { } end) throw new SecurityTokenNoExpirationException();
        if (end <= now) throw new SecurityTokenExpiredException();
        if (from is { } start && start > now + Skew) throw new SecurityTokenNotYetValidException();
        return true;
    }

    // what the library says may repeat parts of the token, so it is not passed on
    private static RpcException Refuse(Exception? why) => Refusals.TokenRefused(why switch
    {
        SecurityTokenExpiredException => "it has expired",
        SecurityTokenNoExpirationException => "it never expires",
        SecurityTokenNotYetValidException => "it is not valid yet",
        SecurityTokenInvalidAudienceException => "it is not for this server",
        SecurityTokenInvalidAlgorithmException => "its algorithm is not taken here",
        SecurityTokenSignatureKeyNotFoundException => "its issuer has no such key",
        _ => "its signature does not hold",
    });

    private void Remember(byte[] hash, Caller caller)
    {
        if (_remembered.Count >= MostRemembered) Forget();
        DateTimeOffset until = _time.GetUtcNow() + LongestMemory;
        _remembered[SecretHash.Slot(hash)] = new Remembered(hash, caller, caller.ExpiresAt is { } end && end < until ? end : until);
    }

    private void Forget()
    {
        DateTimeOffset now = _time.GetUtcNow();
        foreach ((ulong slot, Remembered seen) in _remembered)
            if (seen.Until <= now) _remembered.TryRemove(slot, out _);
        if (_remembered.Count >= MostRemembered) _remembered.Clear();
    }
}
