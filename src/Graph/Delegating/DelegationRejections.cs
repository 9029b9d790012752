using System.Globalization;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Delegating;

/// <summary>Why a hop, a task or a suspension is not written. What a check would deny later is refused with the code it would be denied with.</summary>
internal static class DelegationRejections
{
    /// <param name="hop">Counted from the root at 1; 0: none is to blame.</param>
    /// <param name="fact">The tuple it rests on; null: on an absence.</param>
    public static RejectionException Denied(DenialCode code, ObjectRef about, int hop, RelationTuple? fact, Lending? lending = null)
    {
        string because = fact is { } tuple ? $", because of `{tuple}`" : "";
        string whose = lending is { } lent ? $"`{lent.Permission}` on `{lent.Resource}` can't be lent: " : "";
        var metadata = new Dictionary<string, string> { ["object"] = about.ToString() };
        if (hop > 0) metadata["hop"] = hop.ToString(CultureInfo.InvariantCulture);
        if (fact is { } given) metadata["fact"] = given.ToString();
        if (lending is { } item) (metadata["permission"], metadata["resource"]) = (item.Permission, item.Resource.ToString());
        return new RejectionException(RejectionCode.PermissionDenied, code.ToText(), $"{whose}{Sentence(code, about)}{because}") { Metadata = metadata };
    }

    public static RejectionException NotInSchema(string what) =>
        Rejection.Precondition("NOT_IN_SCHEMA", $"the schema has no {what}");

    public static RejectionException TypeNeeded(string role, IEnumerable<string> types) =>
        Rejection.Invalid("MISSING_FIELD", $"`type` is missing: the schema has several {role} types, {string.Join(", ", types.Select(t => $"`{t}`"))}");

    public static RejectionException NotOfRole(ObjectRef given, string wanted) =>
        Rejection.Invalid("WRONG_ROLE", $"`{given}` is no {wanted}");

    public static RejectionException Exists(ObjectRef given) =>
        new(RejectionCode.AlreadyExists, "ID_IN_USE", $"`{given}` was there before: an id is used once");

    public static RejectionException NotFound(ObjectRef given, string what) =>
        new(RejectionCode.NotFound, what == "delegation" ? DenialCode.HopUnknown.ToText() : "TASK_UNKNOWN", $"there is no {what} `{given}`");

    public static RejectionException NotDeclared(ObjectRef given, string relation) =>
        Rejection.Precondition("NOT_IN_SCHEMA", $"`{given}` can't have it: definition `{given.Type}` declares no `{relation}`");

    public static RejectionException NothingLent() =>
        Rejection.Invalid("MISSING_FIELD", "`lends` is empty: a delegation lends at least one permission");

    public static RejectionException NotLent(string type, string permission) =>
        Rejection.Precondition("UNKNOWN_RELATION", $"`{type}` has no relation `{permission}` to lend by");

    public static RejectionException TwoEnds() =>
        Rejection.Invalid("INVALID_TERM", "give the end or how long it lasts, not both");

    public static RejectionException NotLasting() =>
        Rejection.Invalid("INVALID_TERM", "what is given for no time is not given");

    public static RejectionException EndNeeded(ObjectRef given) =>
        Rejection.Invalid("INVALID_TERM", $"`{given}` needs an end: its definition says `with expiration`, and nothing that it rests on ends");

    public static RejectionException ApproverNotHuman(ObjectRef given) =>
        new(RejectionCode.PermissionDenied, "APPROVER_NOT_HUMAN", $"`{given}` can't approve: only humans do");

    public static RejectionException NothingToApprove(ObjectRef given) =>
        Rejection.Precondition("NOTHING_TO_APPROVE", $"nothing that `{given}` lends asks for approval");

    public static RejectionException NotAParty(ObjectRef given, ObjectRef about, string who) =>
        new(RejectionCode.PermissionDenied, "NOT_A_PARTY", $"`{given}` has no say over `{about}`: {who} has")
        {
            Metadata = new Dictionary<string, string> { ["object"] = about.ToString() },
        };

    public static RejectionException ParentNeeded(ObjectRef opener) =>
        new(RejectionCode.PermissionDenied, "PARENT_NEEDED", $"`{opener}` is an agent: it opens tasks only under one that is open");

    public static RejectionException NotInTask(ObjectRef opener, ObjectRef parent) =>
        new(RejectionCode.PermissionDenied, "NOT_A_PARTY", $"`{opener}` neither opened `{parent}` nor holds a live delegation in it")
        {
            Metadata = new Dictionary<string, string> { ["object"] = parent.ToString() },
        };

    private static string Sentence(DenialCode code, ObjectRef o) => code switch
    {
        DenialCode.PresenterSuspended => $"`{o}` is suspended",
        DenialCode.NoPermission => $"the permission that approves it on `{o}` is needed for that",
        DenialCode.PresenterMismatch => $"no `{o}` was given to the delegator",
        DenialCode.TaskMismatch => $"`{o}` would leave the task of the delegation it comes from",
        DenialCode.HopUnknown => $"there is no `{o}`",
        DenialCode.HopAmbiguous => $"`{o}` has several parents, delegators, delegates or tasks",
        DenialCode.CustodyBroken => $"`{o}` does not come from one who had it: an agent names the delegation it has it from, a human or a service begins a chain",
        DenialCode.Cycle => $"`{o}` would close a circle: each hop and each principal occurs once",
        DenialCode.DepthExceeded => $"`{o}` would be one hop more than allowed",
        DenialCode.NotDelegable => $"the schema does not let it be delegated on `{o}`",
        DenialCode.NotYetValid => $"`{o}` does not hold yet by then",
        DenialCode.Expired => $"`{o}` has ended by then",
        DenialCode.Revoked => $"`{o}` is revoked",
        DenialCode.TaskMissing => $"`{o}` needs a task",
        DenialCode.TaskInactive => $"`{o}` is not open",
        DenialCode.RedelegationForbidden => $"the delegation before `{o}` does not name the delegate in `onward`",
        DenialCode.PrincipalSuspended => $"`{o}` is suspended",
        DenialCode.SponsorMissing => $"nobody answers for `{o}`",
        DenialCode.SponsorInactive => $"nobody who answers for `{o}` is active",
        DenialCode.ScopePermission => $"`{o}` does not lend it",
        DenialCode.ScopeResource => $"`{o}` lends it on other objects only",
        DenialCode.CaveatFalse => $"the caveat of `{o}` is false",
        DenialCode.TtlLimit => $"`{o}` is given for longer than the schema allows",
        DenialCode.RootSuspended => $"`{o}`, whose authority it is, is suspended",
        DenialCode.RootLacksPermission => $"`{o}`, whose authority it is, does not hold it",
        _ => $"`{o}` stands in the way",
    };
}
