using System.Text;
using AuthzGraph.SchemaCompiler.Reflection;

namespace AuthzGraph.Cli.Printing;

/// <summary>
/// A schema as the text that Graphviz and Mermaid draw: a box for each definition that lists its role and permissions, a note for
/// each caveat, an arrow for each subject type of each relation.
/// </summary>
internal static class SchemaDrawing
{
    public static string Dot(ReflectedSchema schema)
    {
        StringBuilder text = new("digraph schema {\n  rankdir=LR;\n  node [shape=box];\n");
        foreach (ReflectedDefinition definition in schema.Definitions)
            text.Append($"  \"{definition.Name}\" [label=\"{string.Join("\\l", Lines(definition))}\\l\"];\n");
        foreach (ReflectedCaveat caveat in schema.Caveats)
            text.Append($"  \"{caveat.Name}\" [shape=note label=\"{string.Join("\\l", Lines(caveat).Select(Quoted))}\\l\"];\n");
        foreach (Arrow arrow in Arrows(schema)) text.Append($"  \"{arrow.From}\" -> \"{arrow.To}\" [label=\"{arrow.Label}\"];\n");
        return text.Append('}').ToString();
    }

    public static string Mermaid(ReflectedSchema schema)
    {
        Dictionary<string, string> ids = schema.Definitions.Select((d, i) => (d.Name, Id: $"d{i}")).ToDictionary(d => d.Name, d => d.Id);
        StringBuilder text = new("flowchart LR\n");
        foreach (ReflectedDefinition definition in schema.Definitions)
            text.Append($"  {ids[definition.Name]}[\"{string.Join("<br/>", Lines(definition).Select(Escaped))}\"]\n");
        foreach ((ReflectedCaveat caveat, int i) in schema.Caveats.Select((caveat, i) => (caveat, i)))
            text.Append($"  c{i}>\"{string.Join("<br/>", Lines(caveat).Select(Escaped))}\"]\n");
        foreach (Arrow arrow in Arrows(schema)) text.Append($"  {ids[arrow.From]} -->|\"{Escaped(arrow.Label)}\"| {ids[arrow.To]}\n");
        return text.ToString().TrimEnd('\n');
    }

    private readonly record struct Arrow(string From, string To, string Label);

    private static IEnumerable<string> Lines(ReflectedDefinition definition)
    {
        yield return definition.Name;
        if (definition.Role is { } role) yield return role;
        foreach (ReflectedPermission permission in definition.Permissions) yield return $"{permission.Name} = {permission.Expression}";
    }

    private static IEnumerable<string> Lines(ReflectedCaveat caveat) =>
    [
        $"caveat {caveat.Name}({string.Join(", ", caveat.Parameters.Select(parameter => $"{parameter.Name} {parameter.Type}"))})",
        .. caveat.Expression.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()),
    ];

    private static IEnumerable<Arrow> Arrows(ReflectedSchema schema) =>
        from definition in schema.Definitions
        from relation in definition.Relations
        from type in relation.SubjectTypes
        select new Arrow(definition.Name, type.Definition, $"{relation.Name}: {type}");

    private static string Quoted(string text) => text.Replace("\\", "\\\\").Replace("\"", "\\\"");

    // Mermaid reads these in labels as its own
    private static string Escaped(string text) =>
        text.Replace("&", "&amp;").Replace("#", "#35;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "#quot;");
}
