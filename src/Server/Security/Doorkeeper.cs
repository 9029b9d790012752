using AuthzGraph.Server.Stores;

namespace AuthzGraph.Server.Security;

/// <summary>Says of every request who makes it and whether it may, before its body is read.</summary>
internal sealed class Doorkeeper(IStoreSource stores)
{
    /// <summary>Chooses the store of a call.</summary>
    public const string StoreHeader = "authzgraph-store";

    private readonly Func<ServedStore, Access> _enter = store => new Access { Credential = "development", Rights = Rights.All, Store = store };

    /// <summary>The caller's access to the store it chose.</summary>
    /// <param name="needed">What it has to have; with <see cref="Rights.None"/> there is nobody to ask.</param>
    /// <exception cref="AuthzGraph.Rpc.RpcException">UNAUTHENTICATED, PERMISSION_DENIED or RESOURCE_EXHAUSTED: it is turned away.</exception>
    public async ValueTask<Access> AdmitAsync(HttpContext http, Rights needed)
    {
        string name = StoreOf(http);
        ServedStore store = await stores.ForAsync(http, name) ?? throw Refusals.StoreUnknown(name);
        Access access = store.AccessOf(this, _enter);
        access.Require(needed);
        return access;
    }

    private static string StoreOf(HttpContext http) => http.Request.Headers[StoreHeader].ToString() is { Length: > 0 } named ? named : StoreName.Default;
}
