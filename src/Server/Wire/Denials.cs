using System.Diagnostics;
using Code = AuthzGraph.Model.DenialCode;
using WireCode = AuthzGraph.Protocol.V1.DenialCode;

namespace AuthzGraph.Server.Wire;

/// <summary>Denial codes of the model by the numbers the wire gives them for ever.</summary>
internal static class Denials
{
    public static WireCode ToWire(this Code code) => code switch
    {
        Code.None => WireCode.Unspecified,
        Code.PresenterSuspended => WireCode.PresenterSuspended,
        Code.NotAutonomous => WireCode.NotAutonomous,
        Code.NoPermission => WireCode.NoPermission,
        Code.NoDelegation => WireCode.NoDelegation,
        Code.PresenterMismatch => WireCode.PresenterMismatch,
        Code.RootMismatch => WireCode.RootMismatch,
        Code.TaskMismatch => WireCode.TaskMismatch,
        Code.HopUnknown => WireCode.HopUnknown,
        Code.HopAmbiguous => WireCode.HopAmbiguous,
        Code.CustodyBroken => WireCode.CustodyBroken,
        Code.Cycle => WireCode.Cycle,
        Code.DepthExceeded => WireCode.DepthExceeded,
        Code.NotDelegable => WireCode.NotDelegable,
        Code.NotYetValid => WireCode.NotYetValid,
        Code.Expired => WireCode.Expired,
        Code.Revoked => WireCode.Revoked,
        Code.TaskMissing => WireCode.TaskMissing,
        Code.TaskInactive => WireCode.TaskInactive,
        Code.RedelegationForbidden => WireCode.RedelegationForbidden,
        Code.PrincipalSuspended => WireCode.PrincipalSuspended,
        Code.SponsorMissing => WireCode.SponsorMissing,
        Code.SponsorInactive => WireCode.SponsorInactive,
        Code.ScopePermission => WireCode.ScopePermission,
        Code.ScopeResource => WireCode.ScopeResource,
        Code.CaveatFalse => WireCode.CaveatFalse,
        Code.TtlLimit => WireCode.TtlLimit,
        Code.ApprovalRequired => WireCode.ApprovalRequired,
        Code.RootSuspended => WireCode.RootSuspended,
        Code.RootLacksPermission => WireCode.RootLacksPermission,
        _ => throw new UnreachableException(),
    };
}
