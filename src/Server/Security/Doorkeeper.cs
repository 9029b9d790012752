using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Threading.RateLimiting;
using AuthzGraph.Graph;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Security.Credentials;
using Standing = AuthzGraph.Server.Security.Credentials.Standing;

namespace AuthzGraph.Server.Security;

/// <summary>Says of every request who makes it and whether it may, before its body is read.</summary>
internal sealed class Doorkeeper
{
    public const string StoreHeader = "authzgraph-store";
    public const string DefaultStore = "default";
    private const string Scheme = "Bearer ";

    private readonly Func<string, AuthorizationGraph?> _stores;
    private readonly TimeProvider _time;
    private readonly Caller? _developer;
    private readonly Func<string, Caller, Access> _enter;
    private volatile Recognition? _recognition;

    /// <param name="recognition">Null: development mode, in which whoever is here may do everything.</param>
    /// <param name="stores">The store of a name; null: there is none.</param>
    public Doorkeeper(Recognition? recognition, Func<string, AuthorizationGraph?> stores, TimeProvider time)
    {
        (_recognition, _stores, _time, _enter) = (recognition, stores, time, Enter);
        if (recognition is null) _developer = new Caller(Developer, throttle: null, new Standing());
    }

    private static Terms Developer => new() { Name = "development", Grants = [new Grant(Grant.AnyStore, Rights.All)], Detail = DenialDetail.All };

    public Recognition? Recognition
    {
        get => _recognition;
        set => _recognition = value;
    }

    /// <summary>The caller's access to the store it chose. What it holds of the caller's limits is given back when the request ends.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED, PERMISSION_DENIED, RESOURCE_EXHAUSTED or UNAVAILABLE: it is turned away.</exception>
    public ValueTask<Access> AdmitAsync(HttpContext http, Rights needed)
    {
        if (_developer is not null) return new(Admit(http, _developer, needed));
        try
        {
            string shown = http.Request.Headers.Authorization.ToString();
            if (shown.Length == 0) return new(Admit(http, OfCertificate(http.Connection.ClientCertificate), needed));
            if (!shown.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) throw Refusals.CredentialMissing();
            return OfSecret(http, shown.AsSpan(Scheme.Length).Trim(), needed);
        }
        catch (RpcException refused) when (refused.Status.Code == RpcCode.Unauthenticated)
        {
            throw Challenged(http, refused);
        }
    }

    private ValueTask<Access> OfSecret(HttpContext http, ReadOnlySpan<char> secret, Rights needed)
    {
        Recognition known = _recognition ?? throw Refusals.CredentialUnknown();
        Span<byte> hash = stackalloc byte[SecretHash.Size];
        SecretHash.Compute(secret, hash);
        if ((known.Book.Find(hash) ?? known.Desk.Recall(hash)) is { } caller) return new(Admit(http, caller, needed));
        if (!known.Desk.Takes(secret)) throw Refusals.CredentialUnknown();
        return OfTokenAsync(http, known, secret.ToString(), hash.ToArray(), needed);
    }

    private async ValueTask<Access> OfTokenAsync(HttpContext http, Recognition known, string token, byte[] hash, Rights needed)
    {
        try
        {
            return Admit(http, await known.Desk.VerifyAsync(token, hash), needed);
        }
        catch (RpcException refused) when (refused.Status.Code == RpcCode.Unauthenticated)
        {
            throw Challenged(http, refused);
        }
    }

    private Caller OfCertificate(X509Certificate2? certificate)
    {
        if (certificate is null) throw Refusals.CredentialMissing();
        if (certificate.NotAfter.ToUniversalTime() <= _time.GetUtcNow()) throw Refusals.CertificateUnknown();     // a connection may outlive it
        return _recognition?.Book.Find(certificate) ?? throw Refusals.CertificateUnknown();
    }

    private Access Admit(HttpContext http, Caller caller, Rights needed)
    {
        Access access = caller.AccessTo(StoreOf(http, caller), _enter);
        if (caller.Throttle is { } throttle) Hold(http, throttle, caller);
        access.Require(needed);
        return access;
    }

    private static string StoreOf(HttpContext http, Caller caller) =>
        http.Request.Headers.TryGetValue(StoreHeader, out Microsoft.Extensions.Primitives.StringValues name) && name.ToString() is { Length: > 0 } named
            ? named
            : caller.Terms.OnlyStore ?? DefaultStore;

    // a store that is not there looks like one that the caller does not reach, so nobody learns the names of others' stores
    private Access Enter(string store, Caller caller)
    {
        if (caller.Terms.RightsIn(store) is not { } rights || _stores(store) is not { } graph) throw Refusals.StoreNotAllowed(caller.Terms.Name, store);
        return new Access
        {
            Credential = caller.Terms.Name,
            Store = store,
            Rights = rights,
            Graph = graph,
            Principal = caller.Terms.Principal,
            Detail = caller.Terms.Detail,
            Caller = caller,
        };
    }

    private static void Hold(HttpContext http, Throttle throttle, Caller caller)
    {
        RateLimitLease lease = throttle.Enter(caller.Terms.Name);
        if (lease.IsAcquired)
        {
            http.Response.RegisterForDispose(lease);
            return;
        }
        TimeSpan? retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan delay) ? delay : null;
        lease.Dispose();
        if (retryAfter is { } wait) http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        throw Refusals.LimitReached(caller.Terms.Name, retryAfter);
    }

    // RFC 6750, 3
    private static RpcException Challenged(HttpContext http, RpcException refused)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return refused;
    }
}
