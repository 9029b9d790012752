using System.Collections.Immutable;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.Authzed;
using Permissionship = AuthzGraph.Protocol.Authzed.CheckPermissionResponse.Types.Permissionship;
using TracedPermissionship = AuthzGraph.Protocol.Authzed.CheckDebugTrace.Types.Permissionship;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>Outcomes in SpiceDB's words, of which it has three enums.</summary>
internal static class Permissionships
{
    public static Permissionship ToPermissionship(this in Answer answer) => answer.Outcome switch
    {
        Outcome.Permitted => Permissionship.HasPermission,
        Outcome.Denied => Permissionship.NoPermission,
        Outcome.Conditional => Permissionship.ConditionalPermission,
        _ => throw new InvariantException("a decision without an outcome is an error, never an answer"),
    };

    // INVARIANT: the two enums have the same numbers.
    public static TracedPermissionship ToTraced(this in Answer answer) => (TracedPermissionship)answer.ToPermissionship();

    public static LookupPermissionship ToLookup(ImmutableArray<string> missing) =>
        missing.IsEmpty ? LookupPermissionship.HasPermission : LookupPermissionship.ConditionalPermission;

    public static PartialCaveatInfo? ToWire(this ImmutableArray<string> missing) =>
        missing.IsEmpty ? null : new PartialCaveatInfo { MissingRequiredContext = { missing } };
}
