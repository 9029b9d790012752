using System.Text;
using AuthzGraph.SchemaCompiler.Reflection;

namespace AuthzGraph.Cli.Printing;

/// <summary>
/// A schema as the text that Graphviz and Mermaid draw: a box for each definition that lists its role and permissions, an
/// arrow for each subject type of each relation.
/// </summary>
internal static class SchemaDrawing
{
    public static string Dot(ReflectedSchema schema)
    {
        StringBuilder text = new("digraph schema {\n  rankdir=LR;\n  node [shape=box];\n");
        foreach (ReflectedDefinition definition in schema.Definitions)
            text.Append($"  \"{definition.Name}\" [label=\"{string.Join("\\l", Lines(definition))}\\l\"];\n");
        foreach (Arrow arrow in Arrows(schema)) text.Append($"  \"{arrow.From}\" -> \"{arrow.To}\" [label=\"{arrow.Label}\"];\n");
        return text.Append('}').ToString();
    }

    public static string Mermaid(ReflectedSchema schema)
    {
        Dictionary<string, string> ids = schema.Definitions.Select((d, i) => (d.Name, Id: $"d{i}")).ToDictionary(d => d.Name, d => d.Id);
        StringBuilder text = new("flowchart LR\n");
        foreach (ReflectedDefinition definition in schema.Definitions)
            text.Append($"  {ids[definition.Name]}[\"{string.Join("<br/>", Lines(definition).Select(Escaped))}\"]\n");
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

    private static IEnumerable<Arrow> Arrows(ReflectedSchema schema) =>
        from definition in schema.Definitions
        from relation in definition.Relations
        from type in relation.SubjectTypes
        select new Arrow(definition.Name, type.Definition, $"{relation.Name}: {type}");

    // Mermaid reads these in labels as its own
    private static string Escaped(string text) =>
        text.Replace("&", "&amp;").Replace("#", "#35;").Replace("<", "&lt;").Replace(">", "&gt;");
}
