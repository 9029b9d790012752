using System.Diagnostics;

namespace AuthzGraph.SchemaCompiler.OpenFga;

/// <summary>Writes a model that has been checked as a schema, one member a line, and remembers where each line comes from.</summary>
internal sealed class FgaWriter(FgaSymbols symbols, FgaNames names)
{
    private const string Indent = "    ";

    private readonly List<string> _lines = [];
    private readonly List<TextSpan> _origins = [];
    private TextSpan _origin;

    public sealed record Output(string Text, IReadOnlyList<TextSpan> Origins)
    {
        /// <summary>The place in the model that a line of the schema, counted from 1, comes from.</summary>
        public TextSpan OriginOf(int line) => Origins.Count == 0 ? default : Origins[Math.Min(line, Origins.Count) - 1];
    }

    public static Output Write(FgaModel model, FgaSymbols symbols, FgaNames names)
    {
        FgaWriter writer = new(symbols, names);
        foreach (FgaDeclaration declaration in model.Declarations) writer.Declaration(declaration);
        if (model.LastComments.Length > 0) writer.Line("");
        foreach (string comment in model.LastComments) writer.Line(Comment(comment));
        return new Output(string.Concat(writer._lines.Select(line => line + "\n")), writer._origins);
    }

    private void Declaration(FgaDeclaration declaration)
    {
        if (_lines.Count > 0) Line("");
        _origin = declaration.Name.Span;
        foreach (string comment in declaration.Notes.Above) Line(Comment(comment));
        if (declaration is FgaDeclaration.ObjectType type) ObjectType(type);
        else if (declaration is FgaDeclaration.Condition condition) Condition(condition);
    }

    private void ObjectType(FgaDeclaration.ObjectType type)
    {
        string header = $"definition {names.Type(type.Name.Text)} {{";
        if (type.Relations.IsEmpty)
        {
            Line(header + "}" + Behind(type.Notes));
            return;
        }
        Line(header + Behind(type.Notes));
        foreach (FgaRelation relation in type.Relations) Relation(type.Name.Text, relation);
        Line("}");
    }

    private void Relation(string type, FgaRelation relation)
    {
        _origin = relation.Name.Span;
        foreach (string comment in relation.Notes.Above) Line(Indent + Comment(comment));
        bool isSplit = symbols.IsSplit(type, relation);
        string name = names.Relation(relation.Name.Text);
        string written = isSplit ? names.Direct(relation.Name.Text) : name;
        bool isPermission = isSplit || relation.IsComputed;
        if (relation.Direct is { } direct)
            Line($"{Indent}relation {written}: {Types(direct)}{(isPermission ? "" : Behind(relation.Notes))}");
        if (isPermission)
            Line($"{Indent}permission {name} = {Rewrite(relation.Rewrite, written)}{Behind(relation.Notes)}");
    }

    private string Types(FgaExpression.Direct direct) => string.Join(" | ", direct.Types.Select(Type).Distinct());

    private string Type(FgaTypeReference listed) =>
        names.Type(listed.Type.Text)
        + (listed.Relation is { } relation ? $"#{names.Relation(relation.Text)}" : listed.IsWildcard ? ":*" : "")
        + (listed.Condition is { } condition ? $" with {names.Condition(condition.Text)}" : "");

    private string Rewrite(FgaExpression rewrite, string written) => rewrite switch
    {
        FgaExpression.Direct => written,
        FgaExpression.Reference reference => names.Relation(reference.Relation.Text),
        FgaExpression.From from => $"{names.Relation(from.Tupleset.Text)}->{names.Relation(from.Relation.Text)}",
        FgaExpression.Union union => string.Join(" + ", union.Arms.Select(arm => Arm(arm, written))),
        FgaExpression.Intersection both => string.Join(" & ", both.Arms.Select(arm => Arm(arm, written))),
        FgaExpression.Exclusion exclusion => $"{Arm(exclusion.Base, written)} - {Arm(exclusion.Subtracted, written)}",
        _ => throw new UnreachableException(),
    };

    /// <summary>In parentheses whenever an operator stands in it, so that no precedence matters.</summary>
    private string Arm(FgaExpression arm, string written) =>
        arm is FgaExpression.Union or FgaExpression.Intersection or FgaExpression.Exclusion ? $"({Rewrite(arm, written)})" : Rewrite(arm, written);

    private void Condition(FgaDeclaration.Condition condition)
    {
        string parameters = string.Join(", ", condition.Parameters.Select(p => $"{p.Name.Text} {p.Type}"));
        Line($"caveat {names.Condition(condition.Name.Text)}({parameters}) {{");
        foreach (string line in Body(condition.Body)) Line(line);
        Line("}" + Behind(condition.Notes));
    }

    /// <summary>The lines between the braces, moved to our indentation as one block, unless a string goes over lines.</summary>
    private static IEnumerable<string> Body(string body)
    {
        if (body.Contains("\"\"\"") || body.Contains("'''")) return body.ReplaceLineEndings("\n").Split('\n');
        List<string> lines = [.. body.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())];
        lines[0] = lines[0].TrimStart();
        if (lines[0].Length == 0) lines.RemoveAt(0);
        if (lines.Count > 0 && lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        int margin = lines.Where(line => line.Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
        return lines.Select(line => line.Length == 0 ? "" : Indent + line[margin..]);
    }

    private static string Behind(FgaNotes notes) => notes.Behind.Count == 0 ? "" : $" {Comment(string.Join("; ", notes.Behind))}";

    private static string Comment(string text) => text.Length == 0 ? "//" : $"// {text}";

    private void Line(string line)
    {
        _lines.Add(line);
        _origins.Add(_origin);
    }
}
