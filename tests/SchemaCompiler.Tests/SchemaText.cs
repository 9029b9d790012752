using System.Globalization;
using System.Text;

namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>A compiled schema as text that shows all of it except the author's text, so that tests can compare.</summary>
internal static class SchemaText
{
    public static string Of(CompiledSchema schema)
    {
        StringBuilder text = new();
        if (schema.UsesDelegation) text.Append("use delegation\n");
        foreach (ObjectType type in schema.Types)
        {
            text.Append($"{type.Id.Value} {type.Name}{Of(schema, type.Role)}");
            if (type.Domain != EnforcementDomain.None) text.Append($" domain {type.Domain}");
            if (type.Within.Length > 0) text.Append($" within {Names(schema, type.Within)}");
            if (type.SuspendedBy is { } suspended) text.Append($" suspended_by {schema[suspended].Name}");
            text.Append('\n');
            foreach (Member member in type.Members) text.Append($"  {Of(schema, member)}\n");
        }
        foreach (Caveat caveat in schema.Caveats) text.Append($"caveat {caveat.Name}({Parameters(caveat)}) {Packed(caveat.Expression)}\n");
        return text.ToString();
    }

    private static string Parameters(Caveat caveat) => string.Join(", ", caveat.Parameters.Select(p => $"{p.Name} {p.Type}"));

    private static string Packed(string expression) => string.Concat(expression.Where(c => !char.IsWhiteSpace(c)));

    public static string Of(CompiledSchema schema, Member member)
    {
        string text = member switch
        {
            Relation relation => $"{member.Name}: {string.Join(" | ", relation.EdgeTypes.Select(e => Of(schema, e)))}",
            Permission permission => $"{member.Name} = {Of(schema, permission.Rewrite)}",
            _ => throw new NotSupportedException(),
        };
        if (member.IsAutonomous) text += " autonomous";
        return member.Delegable is { } rule ? text + Of(schema, rule) : text;
    }

    public static string Of(CompiledSchema schema, Rewrite rewrite) => rewrite switch
    {
        Rewrite.Nil => "nil",
        Rewrite.Self => "self",
        Rewrite.Reference reference => schema[reference.Member].Name,
        Rewrite.Union union => $"({string.Join(" + ", union.Arms.Select(a => Of(schema, a)))})",
        Rewrite.Intersection all => $"({string.Join(" & ", all.Arms.Select(a => Of(schema, a)))})",
        Rewrite.Exclusion exclusion => $"({Of(schema, exclusion.Base)} - {Of(schema, exclusion.Subtracted)})",
        Rewrite.Arrow arrow => $"{schema[arrow.Relation].Name}.{arrow.Kind}({arrow.TargetName})[{Targets(schema, arrow)}]",
        _ => throw new NotSupportedException(),
    };

    private static string Targets(CompiledSchema schema, Rewrite.Arrow arrow) =>
        string.Join(" ", arrow.Targets.Select(t => $"{Of(schema, schema[t.EdgeType])}>{schema[schema[t.Member].Type].Name}.{schema[t.Member].Name}"));

    private static string Of(CompiledSchema schema, EdgeType edge) =>
        schema[edge.SubjectType].Name
        + (edge.Kind == SubjectKind.Wildcard ? ":*" : edge.SubjectRelation is { } relation ? $"#{schema[relation].Name}" : "")
        + (edge.AllowsExpiring ? edge.AllowsEndless ? " may expire" : " expires" : "")
        + string.Concat(edge.Traits.Select(t => t.Caveat is { } id ? $" with {schema[id].Name}{(t.Expiration ? " and expiration" : "")}" : ""))
        + (edge.Traits.Any(t => t.Caveat is null) ? "" : " only");

    private static string Of(CompiledSchema schema, Role role) => role switch
    {
        Role.None => "",
        Role.Principal principal => $" principal {principal.Kind}{Named(schema, "sponsor", principal.Sponsor)}",
        Role.Task task => $" task opened_by {schema[task.OpenedBy].Name}"
            + Named(schema, "closed_by", task.ClosedBy) + Named(schema, "parent", task.Parent),
        Role.Delegation hop => $" delegation {schema[hop.Delegator].Name} {schema[hop.Delegate].Name}"
            + Named(schema, "parent", hop.Parent) + Named(schema, "task", hop.InTask) + Named(schema, "onward", hop.Onward)
            + Named(schema, "approver", hop.Approver) + Named(schema, "revoked_by", hop.RevokedBy)
            + $" lends {string.Join(",", hop.Lent.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={schema[l.Value].Name}"))}",
        _ => throw new NotSupportedException(),
    };

    private static string Of(CompiledSchema schema, DelegableRule rule) =>
        " delegable"
        + (rule.MaxHops is { } hops ? $" hops {hops}" : "")
        + (rule.MaxTtl is { } ttl ? $" ttl {ttl.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s" : "")
        + (rule.Approvals.Length > 0 ? $" approval {Names(schema, rule.Approvals)}" : "");

    private static string Named(CompiledSchema schema, string label, MemberId? id) => id is { } member ? $" {label}={schema[member].Name}" : "";

    private static string Names(CompiledSchema schema, IEnumerable<MemberId> ids) => string.Join(",", ids.Select(id => schema[id].Name));
}
