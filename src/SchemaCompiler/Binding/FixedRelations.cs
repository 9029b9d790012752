using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>The relations whose names a role fixes, and what each may hold: DESIGN §3 as a table.</summary>
internal static class FixedRelations
{
    public const string Sponsor = "sponsor", SuspendedBy = "suspended_by";
    public const string OpenedBy = "opened_by", ClosedBy = "closed_by", Parent = "parent";
    public const string Delegator = "delegator", Delegate = "delegate", InTask = "task", Onward = "onward";
    public const string Approver = "approver", RevokedBy = "revoked_by";

    private static readonly FixedRelation Suspension = new(SuspendedBy, Holds.Principals) { MayExpire = true };

    private static readonly FixedRelation[] OfAgents =
    [
        new(Sponsor, Holds.Humans) { IsRequired = true, MayExpire = true, MayBeUserset = true },
    ];

    private static readonly FixedRelation[] OfTasks =
    [
        new(OpenedBy, Holds.Principals) { IsRequired = true, MayExpire = true },
        new(ClosedBy, Holds.Principals),
        new(Parent, Holds.Tasks),
    ];

    private static readonly FixedRelation[] OfDelegations =
    [
        new(Delegator, Holds.Principals) { IsRequired = true },
        new(Delegate, Holds.Agents) { IsRequired = true, MayExpire = true, MayBeCaveated = true },
        new(Parent, Holds.Delegations),
        new(InTask, Holds.Tasks),
        new(Onward, Holds.Agents) { MayExpire = true, MayBeWildcard = true },
        new(Approver, Holds.Principals) { MayExpire = true },
        new(RevokedBy, Holds.Principals),
    ];

    /// <summary>Those of a type's role, and <c>suspended_by</c> of principals and fleets.</summary>
    public static FixedRelation[] Of(TypeSymbol type, DelegationModel delegation) =>
        Of(delegation[type].Role?.Keyword.Text, delegation[type].PrincipalKind, delegation.MayBeSuspended(type));

    /// <summary>The same by the words of the clause.</summary>
    public static FixedRelation[] Of(string? role, PrincipalKind? kind, bool mayBeSuspended) =>
        mayBeSuspended ? [.. OfRole(role, kind), Suspension] : OfRole(role, kind);

    /// <summary>Whether one of them has a name.</summary>
    public static bool Has(FixedRelation[] relations, string name)
    {
        foreach (FixedRelation relation in relations)
            if (relation.Name == name) return true;
        return false;
    }

    private static FixedRelation[] OfRole(string? role, PrincipalKind? kind) => role switch
    {
        Words.Principal when kind == PrincipalKind.Agent => OfAgents,
        Words.Task => OfTasks,
        Words.Delegation => OfDelegations,
        _ => [],
    };
}

/// <summary>One relation with a fixed name. By default it holds plain objects without caveat or expiration and may be left out.</summary>
internal sealed record FixedRelation(string Name, Holds Holds)
{
    public bool IsRequired { get; init; }
    public bool MayExpire { get; init; }
    public bool MayBeCaveated { get; init; }
    public bool MayBeUserset { get; init; }
    public bool MayBeWildcard { get; init; }
}

/// <summary>Objects of which role.</summary>
internal enum Holds { Principals, Humans, Agents, Tasks, Delegations }
