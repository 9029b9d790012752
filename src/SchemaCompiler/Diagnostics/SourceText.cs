using System.Collections.Immutable;
using System.Text;

namespace AuthzGraph.SchemaCompiler.Diagnostics;

/// <summary>
/// A schema's text and where its lines start. Files compiled together lie behind each other: the spans of each begin at its
/// <see cref="Start"/>, so that a span alone tells its file.
/// </summary>
/// <param name="name">The file; null: a text of its own.</param>
internal sealed class SourceText(string text, string? name = null, int start = 0)
{
    private readonly Lazy<ImmutableArray<int>> _lineStarts = new(() => LineStarts(text));

    public string Text { get; } = text;
    public string? Name { get; } = name;
    public int Start { get; } = start;

    /// <summary>Where the next text may start; between them lies one place, so that the end of a text is its own.</summary>
    public int End => Start + Text.Length + 1;

    public int Utf8Bytes => Encoding.UTF8.GetByteCount(Text);

    public ReadOnlySpan<char> this[TextSpan span] => Text.AsSpan(span.Start - Start, span.Length);

    public LinePosition PositionOf(int offset)
    {
        offset -= Start;
        int found = _lineStarts.Value.BinarySearch(offset);
        int line = found >= 0 ? found : ~found - 1;
        return new LinePosition(line + 1, offset - _lineStarts.Value[line] + 1);
    }

    public static bool IsNewline(char c) => c is '\n' or '\r';

    private static ImmutableArray<int> LineStarts(string text)
    {
        var starts = ImmutableArray.CreateBuilder<int>();
        starts.Add(0);
        for (int i = 0; i < text.Length; i++)
            if (EndsLine(text, i)) starts.Add(i + 1);
        return starts.ToImmutable();
    }

    private static bool EndsLine(string text, int i) =>
        text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n'));
}
