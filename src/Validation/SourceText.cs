using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Validation;

/// <summary>A file's text, and where in it each thing is said.</summary>
public sealed class SourceText
{
    private readonly string[] _lines;

    /// <param name="name">The file as the user named it; messages start with it.</param>
    public SourceText(string name, string text)
    {
        Name = name;
        Text = text.StartsWith('\uFEFF') ? text[1..] : text;
        _lines = Text.Split('\n');
    }

    public string Name { get; }
    public string Text { get; }

    /// <summary>The lines of the text; <paramref name="number"/> counts from 1. Past the end there are only empty lines.</summary>
    public string Line(int number) => number >= 1 && number <= _lines.Length ? _lines[number - 1].TrimEnd('\r') : "";

    /// <summary>The end of the text, for a position beyond it.</summary>
    internal LinePosition Clamp(LinePosition at) => at.Line <= _lines.Length ? at : new LinePosition(_lines.Length, _lines[^1].Length + 1);

    public FileDiagnostic Error(LinePosition at, int length, string message, string? help = null) =>
        new(Name, Severity.Error, at, ShownLength(at, length), Line(at.Line), message, help);

    /// <summary>What the schema compiler said, placed in this file.</summary>
    public FileDiagnostic From(Diagnostic diagnostic, LinePosition at) =>
        new(Name, diagnostic.Severity, at, ShownLength(at, diagnostic.Span.Length), Line(at.Line),
            diagnostic.Message, diagnostic.Help, diagnostic.Code);

    /// <summary>The whole file as a text that knows its places.</summary>
    internal MappedText Whole()
    {
        List<MappedLine> lines = [];
        int offset = 0;
        for (int i = 0; i < _lines.Length; i++)
        {
            lines.Add(new MappedLine(offset, new LinePosition(i + 1, 1)));
            offset += _lines[i].Length + 1;
        }
        return new MappedText(this, Text, lines);
    }

    private int ShownLength(LinePosition at, int length) => Math.Max(1, Math.Min(length, Line(at.Line).Length - at.Column + 1));
}
