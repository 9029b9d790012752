using System.Text;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Cli.LanguageServer;

/// <summary>What an editor counts characters in.</summary>
internal enum PositionUnit { Utf16, Utf8 }

/// <summary>An editor's lines and characters, both from 0, and offsets of the text. Lines end with LF, CR LF or CR.</summary>
internal sealed class PositionMap
{
    private readonly string _text;
    private readonly PositionUnit _unit;
    private readonly List<int> _lineStarts = [0];

    public PositionMap(string text, PositionUnit unit)
    {
        _text = text;
        _unit = unit;
        for (int i = 0; i < text.Length; i++)
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n'))) _lineStarts.Add(i + 1);
    }

    /// <summary>Behind the end of a line: its end. Behind the last line: the end of the text. Within a character: its start.</summary>
    public int OffsetOf(Position position)
    {
        if (position.Line < 0) return 0;
        if (position.Line >= _lineStarts.Count) return _text.Length;
        ReadOnlySpan<char> line = Line(position.Line);
        int column = _unit == PositionUnit.Utf16 ? Math.Clamp(position.Character, 0, line.Length) : ColumnOf(line, position.Character);
        return _lineStarts[position.Line] + column;
    }

    public Position PositionOf(int offset)
    {
        int found = _lineStarts.BinarySearch(offset);
        int line = found >= 0 ? found : ~found - 1;
        ReadOnlySpan<char> before = _text.AsSpan(_lineStarts[line], offset - _lineStarts[line]);
        return new Position(line, _unit == PositionUnit.Utf16 ? before.Length : Encoding.UTF8.GetByteCount(before));
    }

    public LspRange RangeOf(TextSpan span) => new(PositionOf(span.Start), PositionOf(span.End));

    /// <summary>Without what ends it.</summary>
    private ReadOnlySpan<char> Line(int line)
    {
        int end = line + 1 < _lineStarts.Count ? _lineStarts[line + 1] : _text.Length;
        return _text.AsSpan(_lineStarts[line], end - _lineStarts[line]).TrimEnd("\r\n");
    }

    private static int ColumnOf(ReadOnlySpan<char> line, int bytes)
    {
        int column = 0;
        foreach (Rune rune in line.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0) break;
            column += rune.Utf16SequenceLength;
        }
        return column;
    }
}
