using System.Diagnostics.CodeAnalysis;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AuthzGraph.Validation;

/// <summary>One <c>key: value</c> of a YAML mapping.</summary>
internal readonly record struct YamlEntry(string Key, YamlScalarNode KeyNode, YamlNode Value);

/// <summary>Reads YAML nodes of the shapes we expect, and notes an error with its place for every other shape.</summary>
internal sealed class YamlReader(SourceText source, List<FileDiagnostic> errors)
{
    public SourceText Source { get; } = source;

    /// <summary>The first document of the text, or null when it is empty or no YAML.</summary>
    public YamlNode? Document()
    {
        YamlStream stream = [];
        try
        {
            stream.Load(new StringReader(Source.Text));
        }
        catch (YamlException problem)
        {
            string message = (problem.InnerException ?? problem).Message;
            errors.Add(Source.Error(Source.Clamp(Position(problem.Start)), 1, $"this is not YAML: {message}"));
            return null;
        }
        if (stream.Documents.Count > 0) return stream.Documents[0].RootNode;
        errors.Add(Source.Error(new LinePosition(1, 1), 1, "the file is empty"));
        return null;
    }

    /// <summary>The entries of a mapping with only the keys named; nothing for <c>null</c>.</summary>
    public IEnumerable<YamlEntry> Entries(YamlNode node, string what, params IReadOnlyList<string> keys)
    {
        foreach (YamlEntry entry in Entries(node, what))
        {
            if (keys.Contains(entry.Key)) yield return entry;
            else Error(entry.KeyNode, $"{what} has no key `{entry.Key}`", Suggest(entry.Key, keys));
        }
    }

    /// <summary>The entries of a mapping with any keys; nothing for <c>null</c>.</summary>
    public IEnumerable<YamlEntry> Entries(YamlNode node, string what)
    {
        if (IsNull(node)) yield break;
        if (node is not YamlMappingNode map)
        {
            Error(node, $"{what} must be a mapping of `key: value`");
            yield break;
        }
        foreach ((YamlNode key, YamlNode value) in map)
            if (Scalar(key, $"a key of {what}") is { } name) yield return new YamlEntry(name.Value ?? "", name, value);
    }

    /// <summary>The items of a list; nothing for <c>null</c>.</summary>
    public IEnumerable<YamlNode> Items(YamlNode node, string what)
    {
        if (IsNull(node)) return [];
        if (node is YamlSequenceNode list) return list;
        Error(node, $"{what} must be a list: each item on its own line after `- `");
        return [];
    }

    public YamlScalarNode? Scalar(YamlNode node, string what)
    {
        if (node is YamlScalarNode { Value: not null } scalar) return scalar;
        Error(node, $"{what} must be text");
        return null;
    }

    public string? Text(YamlNode node, string what) => Scalar(node, what)?.Value;

    /// <summary>A scalar's text with the places of its lines in the file.</summary>
    public MappedText Mapped(YamlScalarNode node)
    {
        string text = node.Value ?? "";
        bool isBlock = node.Style is ScalarStyle.Literal or ScalarStyle.Folded;
        return new MappedText(Source, text, isBlock ? BlockLines(node, text) : [new MappedLine(0, ContentStart(node))]);
    }

    public void Error(YamlNode node, string message, string? help = null) => errors.Add(Source.Error(ContentStart(node), Length(node), message, help));

    public static LinePosition ContentStart(YamlNode node)
    {
        LinePosition start = Position(node.Start);
        bool isQuoted = node is YamlScalarNode { Style: ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted };
        return isQuoted ? start with { Column = start.Column + 1 } : start;
    }

    public static bool IsNull([NotNullWhen(false)] YamlNode? node) =>
        node is null or YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };

    /// <summary>How much of its first line a node takes.</summary>
    public static int Length(YamlNode node) =>
        node is YamlScalarNode { Value: { } text } && !text.Contains('\n') ? text.Length
        : node.Start.Line == node.End.Line ? (int)(node.End.Column - node.Start.Column)
        : 1;

    // The lines of a block appear in its text in order, each without its indentation, whether they were kept or folded.
    private List<MappedLine> BlockLines(YamlScalarNode node, string text)
    {
        List<MappedLine> lines = [new MappedLine(0, Position(node.Start) with { Line = (int)node.Start.Line + 1, Column = 1 })];
        int offset = 0;
        for (int number = (int)node.Start.Line + 1; number <= (int)node.End.Line; number++)
        {
            string line = Source.Line(number);
            string content = line.Trim();
            int found = content.Length == 0 ? -1 : text.IndexOf(content, offset, StringComparison.Ordinal);
            if (found < 0) continue;
            lines.Add(new MappedLine(found, new LinePosition(number, line.Length - line.TrimStart().Length + 1)));
            offset = found + content.Length;
        }
        return lines;
    }

    private static string Suggest(string key, IReadOnlyList<string> keys)
    {
        string? nearest = NearestName.Of(key, keys);
        return nearest is null ? $"its keys are {string.Join(", ", keys.Select(k => $"`{k}`"))}" : $"did you mean `{nearest}`?";
    }

    private static LinePosition Position(Mark mark) => new((int)mark.Line, (int)mark.Column);
}
