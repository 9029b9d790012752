using System.Collections.Immutable;
using System.Text;

namespace AuthzGraph.SchemaCompiler.Diagnostics;

/// <summary>A schema's text and where its lines start.</summary>
internal sealed class SourceText(string text)
{
    private readonly Lazy<ImmutableArray<int>> _lineStarts = new(() => LineStarts(text));

    public string Text { get; } = text;

    public int Utf8Bytes => Encoding.UTF8.GetByteCount(Text);

    public ReadOnlySpan<char> this[TextSpan span] => Text.AsSpan(span.Start, span.Length);

    public LinePosition PositionOf(int offset)
    {
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
