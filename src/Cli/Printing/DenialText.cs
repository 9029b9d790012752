using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Cli.Printing;

/// <summary>Denial codes in capitals and in a sentence each.</summary>
internal static class DenialText
{
    /// <summary><c>SCOPE_RESOURCE</c></summary>
    public static string Name(DenialCode code) =>
        string.Concat(code.ToString().Select((c, i) => i > 0 && char.IsAsciiLetterUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));

    public static string Of(DenialCode code) => code switch
    {
        DenialCode.PresenterSuspended => "the one who asks is suspended",
        DenialCode.NotAutonomous => "an agent does this only for somebody: name a delegation, or on whose behalf",
        DenialCode.NoPermission => "no path of relationships leads from the resource to the subject",
        DenialCode.NoDelegation => "nobody of that name has lent the presenter anything (for that task)",
        DenialCode.PresenterMismatch => "the delegation was given to somebody else",
        DenialCode.RootMismatch => "the chain starts at somebody else",
        DenialCode.TaskMismatch => "the hop belongs to another task",
        DenialCode.HopUnknown => "there is no such hop",
        DenialCode.HopAmbiguous => "the hop has several parents, delegators, delegates or tasks",
        DenialCode.CustodyBroken => "the delegator is not the one it was lent to",
        DenialCode.Cycle => "a hop or a principal occurs twice in the chain",
        DenialCode.DepthExceeded => "the chain has more hops than are allowed",
        DenialCode.NotDelegable => "the schema does not let this be delegated",
        DenialCode.NotYetValid => "the hop has not begun",
        DenialCode.Expired => "the hop has ended",
        DenialCode.Revoked => "the hop was revoked",
        DenialCode.TaskMissing => "the hop has no task, and needs one",
        DenialCode.TaskInactive => "the task, or one above it, is not open",
        DenialCode.RedelegationForbidden => "the hop above does not let it be given further to this delegate",
        DenialCode.PrincipalSuspended => "the delegate of the hop is suspended",
        DenialCode.SponsorMissing => "nobody answers for the agent",
        DenialCode.SponsorInactive => "nobody who answers for the agent is active",
        DenialCode.ScopePermission => "the hop does not lend this permission",
        DenialCode.ScopeResource => "the hop lends this permission, but not on this resource",
        DenialCode.CaveatFalse => "the condition under which it was lent does not hold",
        DenialCode.TtlLimit => "the hop lasts longer than this permission may be lent for",
        DenialCode.ApprovalRequired => "this has to be approved, on this very resource, by somebody who may",
        DenialCode.RootSuspended => "the person whose authority is used is suspended",
        DenialCode.RootLacksPermission => "the person whose authority is used may not do it either",
        _ => "for a reason this version does not know",
    };
}
