using System.Collections.Frozen;
using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler;

/// <summary>One definition.</summary>
public sealed record ObjectType(TypeId Id, string Name, Role Role)
{
    /// <summary>Its relations and permissions in the author's order.</summary>
    public ImmutableArray<Member> Members { get; init; } = [];

    /// <summary>The relations of its <c>within</c> clauses.</summary>
    public ImmutableArray<MemberId> Within { get; init; } = [];

    /// <summary><c>suspended_by</c>, on principals and on every type a principal can be within (a fleet); null if not declared.</summary>
    public MemberId? SuspendedBy { get; init; }

    public EnforcementDomain Domain { get; init; }

    /// <summary>
    /// Where the properties of its objects are stored: as the context of an edge from an object to itself, under a relation <c>properties</c> that
    /// lists the type with a caveat. Null: the definition has no such relation.
    /// </summary>
    public EdgeTypeId? Properties { get; init; }

    /// <summary>The text of the comments directly above it; null: none. Says nothing to the engine.</summary>
    public string? Comment { get; init; }
}

/// <summary>What a definition's objects are to a decision: a closed set; a definition has at most one role.</summary>
public abstract record Role
{
    private Role() { }

    /// <summary>A plain resource.</summary>
    public sealed record None : Role;

    /// <summary><c>principal human | agent | service</c>. Agents have a sponsor relation, others none.</summary>
    public sealed record Principal(PrincipalKind Kind, MemberId? Sponsor) : Role;

    /// <summary><c>task</c></summary>
    public sealed record Task(MemberId OpenedBy, MemberId? ClosedBy, MemberId? Parent) : Role;

    /// <summary><c>delegation</c>: every object is one hop. <paramref name="Lent"/> is by the name of the permission lent.</summary>
    public sealed record Delegation(
        MemberId Delegator, MemberId Delegate, MemberId? Parent, MemberId? InTask, MemberId? Onward, MemberId? Approver,
        MemberId? RevokedBy, FrozenDictionary<string, MemberId> Lent) : Role;
}

public enum PrincipalKind : byte { Human, Agent, Service }

/// <summary>For records and coverage; decides nothing.</summary>
public enum EnforcementDomain : byte { None, Application, Infrastructure, Data, Ai }

/// <summary>A permission's <c>delegable</c> clauses, of which the strictest counts.</summary>
/// <param name="MaxHops">Null: only the global limit.</param>
/// <param name="MaxTtl">The longest window of a hop's <c>delegate</c> edge; null: any, even endless.</param>
/// <param name="Approvals">Relations or permissions of the resource's type; an approver must hold each of them.</param>
public sealed record DelegableRule(int? MaxHops, TimeSpan? MaxTtl, ImmutableArray<MemberId> Approvals);
