using System.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Reflection;

/// <summary>
/// One entry of a relation's list: <c>user</c>, <c>user:*</c>, <c>group#member</c>, each plain, <c>with expiration</c>,
/// <c>with weekday</c> or <c>with weekday and expiration</c>.
/// </summary>
/// <param name="Relation">Of a userset; null for the others.</param>
public sealed record SubjectType(string Definition, string? Relation, bool IsWildcard, bool Expires)
{
    /// <summary>The caveat's name; null: none.</summary>
    public string? Caveat { get; init; }

    /// <summary>What a relation lists, in the author's order, the ways of listing the same subject together.</summary>
    public static IEnumerable<SubjectType> Of(CompiledSchema schema, Relation relation)
    {
        foreach (EdgeType edge in relation.EdgeTypes)
        {
            string? userset = edge.SubjectRelation is { } member ? schema[member].Name : null;
            SubjectType plain = new(schema[edge.SubjectType].Name, userset, edge.Kind == SubjectKind.Wildcard, Expires: false);
            foreach (EdgeTrait trait in edge.Traits)
                yield return plain with { Caveat = trait.Caveat is { } id ? schema[id].Name : null, Expires = trait.Expiration };
        }
    }

    /// <summary>Whether an edge to it points at the same subjects, whatever it asks of the edge.</summary>
    public bool IsSameSubject(SubjectType other) =>
        Definition == other.Definition && Relation == other.Relation && IsWildcard == other.IsWildcard;

    /// <summary>As an author writes it.</summary>
    public override string ToString() => this switch
    {
        { Caveat: { } caveat, Expires: true } => $"{this with { Caveat = null, Expires = false }} with {caveat} and expiration",
        { Caveat: { } caveat } => $"{this with { Caveat = null }} with {caveat}",
        { Expires: true } => $"{this with { Expires = false }} with expiration",
        { IsWildcard: true } => $"{Definition}:*",
        { Relation: { } relation } => $"{Definition}#{relation}",
        _ => Definition,
    };
}

/// <summary>The clauses of a definition as an author writes them.</summary>
internal static class ClauseText
{
    /// <summary><c>principal agent</c>, <c>task</c>, <c>delegation</c>; null: no role.</summary>
    public static string? Of(Role role) => role switch
    {
        Role.None => null,
        Role.Principal principal => $"principal {principal.Kind.ToString().ToLowerInvariant()}",
        Role.Task => "task",
        Role.Delegation => "delegation",
        _ => throw new UnreachableException(),
    };

    /// <summary><c>data</c>; null: none.</summary>
    public static string? Of(EnforcementDomain domain) =>
        domain == EnforcementDomain.None ? null : domain.ToString().ToLowerInvariant();

    /// <summary><c>max hops 2 max ttl 1h approval owner</c>; empty: no limits. Several approvals are joined by <c>and</c>.</summary>
    public static string Of(CompiledSchema schema, DelegableRule rule)
    {
        List<string> parts = [];
        if (rule.MaxHops is { } hops) parts.Add($"max hops {hops}");
        if (rule.MaxTtl is { } ttl) parts.Add($"max ttl {Of(ttl)}");
        if (!rule.Approvals.IsEmpty) parts.Add($"approval {string.Join(" and ", Approvals(schema, rule).Order(StringComparer.Ordinal))}");
        return string.Join(' ', parts);
    }

    public static IEnumerable<string> Approvals(CompiledSchema schema, DelegableRule rule) =>
        rule.Approvals.Select(id => schema[id].Name).Distinct(StringComparer.Ordinal);

    private static string Of(TimeSpan span)
    {
        long seconds = (long)span.TotalSeconds;
        if (seconds % 86_400 == 0) return $"{seconds / 86_400}d";
        if (seconds % 3_600 == 0) return $"{seconds / 3_600}h";
        return seconds % 60 == 0 ? $"{seconds / 60}m" : $"{seconds}s";
    }
}
