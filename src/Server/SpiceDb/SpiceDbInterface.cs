using AuthzGraph.Model;
using AuthzGraph.Server.Rpc;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>
/// authzed.api.v1, for programs that speak to SpiceDB. Every call is one of the graph's; what differs from SpiceDB is listed in
/// <c>docs/spicedb.md</c>.
/// </summary>
internal static class SpiceDbInterface
{
    public static IEnumerable<RpcService> Services(Limits limits)
    {
        var permissions = new PermissionsCalls(limits);
        var schemas = new SchemaCalls();
        return [permissions.Bind(), schemas.Bind(), new WatchCalls().Bind(), new ExperimentalCalls(permissions, schemas).Bind()];
    }
}
