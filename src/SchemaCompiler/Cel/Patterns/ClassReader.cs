using System.Globalization;

namespace AuthzGraph.SchemaCompiler.Cel.Patterns;

/// <summary>Reads <c>[…]</c> and escapes of a pattern. Methods give what is wrong, or null.</summary>
internal sealed class ClassReader(string text, int start)
{
    private int _position = start;

    private char Current => _position < text.Length ? text[_position] : '\0';

    public string? TryRead(out CodePointSet set, out bool isNegated, out int end)
    {
        set = new CodePointSet();
        end = _position++;
        isNegated = TryTake('^');
        for (bool isFirst = true; isFirst || Current != ']'; isFirst = false)
        {
            if (_position >= text.Length) return "a class is not closed";
            if (Item(set) is { } problem) return problem;
        }
        end = ++_position;
        return null;
    }

    /// <param name="code">The one character it stands for; -1 where it is a class.</param>
    public string? TryReadEscape(out CodePointSet set, out int code, out int end)
    {
        string? problem = Escape(out set, out code);
        end = _position;
        return problem;
    }

    private string? Item(CodePointSet set)
    {
        int close = text.AsSpan(_position).StartsWith("[:") ? text.IndexOf(":]", _position + 2, StringComparison.Ordinal) : -1;
        if (close >= 0) return Posix(set, close);
        if (Single(out CodePointSet named, out int first) is { } problem) return problem;
        if (first < 0)
        {
            set.Add(named);
            return null;
        }
        int last = first;
        bool isRange = Current == '-' && _position + 1 < text.Length && text[_position + 1] != ']';
        if (isRange)
        {
            _position++;
            if (Single(out _, out last) is { } other) return other;
        }
        if (last < first) return "a range of a class is backwards";
        set.Add(first, last);
        return null;
    }

    private string? Single(out CodePointSet set, out int code)
    {
        if (Current == '\\') return Escape(out set, out code);
        set = new CodePointSet();
        bool isPair = _position + 1 < text.Length && char.IsSurrogatePair(text[_position], text[_position + 1]);
        code = isPair ? char.ConvertToUtf32(text, _position) : Current;
        _position += isPair ? 2 : 1;
        return null;
    }

    private string? Posix(CodePointSet set, int close)
    {
        string name = text[(_position + 2)..close];
        CodePointSet? found = NamedClasses.OfPosix(name.TrimStart('^'));
        if (found is null) return "a class has an unknown name";
        set.Add(name.StartsWith('^') ? found.Complement() : found);
        _position = close + 2;
        return null;
    }

    private string? Escape(out CodePointSet set, out int code)
    {
        code = -1;
        set = new CodePointSet();
        _position++;
        if (_position >= text.Length) return @"a `\` stands at the end";
        char letter = text[_position++];
        if (NamedClasses.OfLetter(letter) is { } named)
        {
            set = named;
            return null;
        }
        if (letter is 'p' or 'P') return $@"`\{letter}` is not supported: write out the ranges of characters";
        if (letter == 'x') return Hexadecimal(out code);
        if (letter == '0' || (letter is >= '1' and <= '7' && Current is >= '0' and <= '7')) return Octal(letter, out code);
        code = letter switch
        {
            'a' => '\a',
            'f' => '\f',
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'v' => '\v',
            < (char)0x80 when !char.IsAsciiLetterOrDigit(letter) => letter,
            _ => -1,
        };
        return code >= 0 ? null : char.IsAsciiDigit(letter) ? "references to groups are not part of RE2" : $@"`\{letter}` is not supported";
    }

    private string? Hexadecimal(out int code)
    {
        bool isBraced = TryTake('{');
        int length = 0;
        while (_position + length < text.Length && char.IsAsciiHexDigit(text[_position + length]) && (isBraced || length < 2)) length++;
        bool isRead = int.TryParse(text.AsSpan(_position, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code);
        _position += length;
        bool isWhole = isBraced ? TryTake('}') && length <= 8 : length == 2;
        return isRead && isWhole && code is >= 0 and <= 0x10FFFF and not (>= 0xD800 and <= 0xDFFF) ? null : @"`\x` has bad digits";
    }

    private string? Octal(char first, out int code)
    {
        code = first - '0';
        for (int i = 0; i < 2 && Current is >= '0' and <= '7'; i++) code = code * 8 + text[_position++] - '0';
        return null;
    }

    private bool TryTake(char expected)
    {
        if (Current != expected || _position >= text.Length) return false;
        _position++;
        return true;
    }
}
