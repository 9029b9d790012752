using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Validation;

/// <summary>From <paramref name="Offset"/> on, the text was written at <paramref name="Position"/> of the file.</summary>
internal readonly record struct MappedLine(int Offset, LinePosition Position);

/// <summary>
/// A text and, line by line, where in a file it was written: a file of its own, or a block inside YAML, whose lines
/// are indented there and perhaps folded together.
/// </summary>
internal sealed class MappedText(SourceText source, string text, IReadOnlyList<MappedLine> lines)
{
    public SourceText Source { get; } = source;
    public string Text { get; } = text;

    public LinePosition PositionAt(int offset)
    {
        MappedLine line = lines[0];
        foreach (MappedLine next in lines)
        {
            if (next.Offset > offset) break;
            line = next;
        }
        return line.Position with { Column = line.Position.Column + offset - line.Offset };
    }
}
