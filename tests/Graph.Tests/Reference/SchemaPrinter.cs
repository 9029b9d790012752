using System.Diagnostics;

namespace AuthzGraph.Graph.Tests.Reference;

/// <summary>
/// Prints a schema as text, with the precedence the design gives: <c>+</c> binds tightest, then <c>&amp;</c>, then <c>-</c>.
/// Only the parentheses that are needed are printed, and now and then, as <paramref name="style"/> falls, some that are
/// not; it also mixes the ways in which members can be ordered and ended and any-arrows written.
/// </summary>
internal sealed class SchemaPrinter(Random style)
{
    private const int ExclusionLevel = 0, IntersectionLevel = 1, UnionLevel = 2, AtomLevel = 3;

    public static string Print(SchemaModel schema, int style) => new SchemaPrinter(new Random(style)).Text(schema);

    private string Text(SchemaModel schema)
    {
        List<string> uses = [];
        if (schema.Definitions.Any(d => d.Relations.Any(r => r.Allowed.Any(a => a.Expiring)))) uses.Add("use expiration\n");
        if (schema.Definitions.Any(d => d.Permissions.Any(p => p.Rewrite.UsesSelf))) uses.Add("use self\n");
        if (schema.UsesDelegation) uses.Add("use delegation\n");
        return string.Concat(uses.Concat(schema.Caveats.Select(c => $"\n{c}\n")).Concat(schema.Definitions.Select(DefinitionText)));
    }

    private string DefinitionText(Definition definition)
    {
        string[] members = [.. Members(definition)];
        if (members.Length == 0) return $"\ndefinition {definition.Name} {{}}\n";
        if (OneIn(4)) style.Shuffle(members);
        if (members.Length < 4 && OneIn(8)) return $"\ndefinition {definition.Name} {{ {string.Join("; ", members)}; }}\n";
        return $"\ndefinition {definition.Name} {{\n{string.Concat(members.Select(m => $"    {m}\n"))}}}\n";
    }

    private IEnumerable<string> Members(Definition definition)
    {
        if (RoleText(definition.Role) is { } role) yield return role;
        if (definition.Domain is not null) yield return $"domain {definition.Domain}";
        if (definition.Within.Count > 0) yield return $"within {string.Join(", ", definition.Within)}";
        foreach (RelationModel r in definition.Relations) yield return $"relation {r.Name}: {string.Join(" | ", r.Allowed)}";
        foreach (PermissionModel p in definition.Permissions) yield return $"permission {p.Name} = {Print(p.Rewrite, ExclusionLevel)}";
        foreach (DelegableClause clause in definition.Delegable) yield return ClauseText(clause);
        if (definition.Autonomous.Count > 0) yield return $"autonomous {string.Join(", ", definition.Autonomous)}";
    }

    private static string? RoleText(RoleKind role) => role switch
    {
        RoleKind.Human => "principal human",
        RoleKind.Agent => "principal agent",
        RoleKind.Service => "principal service",
        RoleKind.Task => "task",
        RoleKind.Delegation => "delegation",
        _ => null,
    };

    private static string ClauseText(DelegableClause clause) =>
        $"delegable {string.Join(", ", clause.Names)}"
        + (clause.MaxHops is { } hops ? $" max hops {hops}" : "")
        + (clause.MaxTtl is { } ttl ? $" max ttl {ttl}" : "")
        + (clause.Approval is { } approval ? $" approval {approval}" : "");

    /// <summary>In parentheses when it binds more loosely than where it stands asks for.</summary>
    private string Print(Expression expression, int needed)
    {
        (int level, string text) = expression switch
        {
            Expression.Nil => (AtomLevel, "nil"),
            Expression.Self => (AtomLevel, "self"),
            Expression.Member member => (AtomLevel, member.Name),
            Expression.Arrow { All: true } arrow => (AtomLevel, $"{arrow.Relation}.all({arrow.Target})"),
            Expression.Arrow arrow => (AtomLevel, OneIn(4) ? $"{arrow.Relation}.any({arrow.Target})" : $"{arrow.Relation}->{arrow.Target}"),
            Expression.Union union => (UnionLevel, string.Join(" + ", union.Arms.Select(a => Print(a, UnionLevel)))),
            Expression.Intersection all => (IntersectionLevel, string.Join(" & ", all.Arms.Select(a => Print(a, IntersectionLevel)))),
            // `-` groups to the left, so only its right side needs parentheses around another `-`.
            Expression.Exclusion minus =>
                (ExclusionLevel, $"{Print(minus.Base, ExclusionLevel)} - {Print(minus.Subtracted, IntersectionLevel)}"),
            _ => throw new UnreachableException(),
        };
        return level < needed || OneIn(12) ? $"({text})" : text;
    }

    private bool OneIn(int n) => style.Next(n) == 0;
}
