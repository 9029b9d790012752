using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Threading.RateLimiting;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Security.Credentials;
using AuthzGraph.Server.Stores;
using StoreName = AuthzGraph.Server.Stores.StoreName;

namespace AuthzGraph.Server.Security;

/// <summary>Says of every request who makes it and whether it may, before its body is read.</summary>
internal sealed class Doorkeeper
{
    /// <summary>Chooses the store of a call.</summary>
    public const string StoreHeader = "authzgraph-store";
    private const string Scheme = "Bearer ";

    private readonly IStoreSource _stores;
    private readonly TimeProvider _time;
    private readonly Caller? _developer;
    private readonly ShownSecrets _shown = new();
    private volatile Recognition? _recognition;

    /// <param name="recognition">Null: development mode, in which whoever is here may do everything.</param>
    public Doorkeeper(Recognition? recognition, IStoreSource stores, TimeProvider time)
    {
        (_recognition, _stores, _time) = (recognition, stores, time);
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
        if (_developer is not null) return EnterAsync(http, _developer, needed);
        try
        {
            string shown = http.Request.Headers.Authorization.ToString();
            if (shown.Length == 0) return EnterAsync(http, OfCertificate(http.Connection.ClientCertificate), needed);
            if (!shown.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) throw Refusals.CredentialMissing();
            return OfSecret(http, shown, needed);
        }
        catch (RpcException refused) when (refused.Status.Code == RpcCode.Unauthenticated)
        {
            throw Challenged(http, refused);
        }
    }

    private ValueTask<Access> OfSecret(HttpContext http, string shown, Rights needed)
    {
        Recognition known = _recognition ?? throw Refusals.CredentialUnknown();
        ReadOnlySpan<char> secret = shown.AsSpan(Scheme.Length).Trim();
        byte[] hash = _shown.HashOf(shown, secret);
        if ((known.Book.Find(hash) ?? known.Desk.Recall(hash)) is { } caller) return EnterAsync(http, caller, needed);
        if (!known.Desk.Takes(secret)) throw Refusals.CredentialUnknown();
        return OfTokenAsync(http, known, secret.ToString(), hash, needed);
    }

    private async ValueTask<Access> OfTokenAsync(HttpContext http, Recognition known, string token, byte[] hash, Rights needed)
    {
        try
        {
            return await EnterAsync(http, await known.Desk.VerifyAsync(token, hash), needed);
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

    // a store is mostly open already: then nothing is waited for, and nothing allocated
    private ValueTask<Access> EnterAsync(HttpContext http, Caller caller, Rights needed)
    {
        if (caller.Throttle is { } throttle) Hold(http, throttle, caller);
        string name = StoreOf(http, caller);
        if (caller.Terms.RightsIn(name) is null) throw Refusals.StoreNotAllowed(caller.Terms.Name, name);
        ValueTask<ServedStore?> opening = _stores.ForAsync(http, name);
        return opening.IsCompletedSuccessfully ? new(Enter(opening.Result, name, caller, needed)) : WhenOpenAsync(opening, name, caller, needed);
    }

    private static async ValueTask<Access> WhenOpenAsync(ValueTask<ServedStore?> opening, string name, Caller caller, Rights needed) =>
        Enter(await opening, name, caller, needed);

    private static Access Enter(ServedStore? store, string name, Caller caller, Rights needed)
    {
        if (store is null) throw Refusals.StoreUnknown(name);
        Access access = store.AccessOf(caller, caller.Enter);
        access.Require(needed);
        return access;
    }

    private static string StoreOf(HttpContext http, Caller caller) =>
        http.Request.Headers.TryGetValue(StoreHeader, out Microsoft.Extensions.Primitives.StringValues name) && name.ToString() is { Length: > 0 } named
            ? named
            : caller.Terms.OnlyStore ?? StoreName.Default;

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
