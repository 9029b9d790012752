using System.Globalization;
using System.Text;

namespace AuthzGraph.SchemaCompiler.Cel.Syntax;

/// <summary>A string or bytes: in one or three quotes of either kind, raw or with escapes.</summary>
internal readonly ref struct TextLiteral
{
    private readonly ReadOnlySpan<char> _text;
    private readonly int _start;            // of what is between the quotes
    private readonly int _end;
    private readonly bool _isBytes;
    private readonly bool _isRaw;

    /// <param name="text">Starts with the literal's prefix, or with its quote.</param>
    public TextLiteral(ReadOnlySpan<char> text, int quote)
    {
        _isBytes = text[0] is 'b' or 'B';
        _isRaw = quote > 0 && text[quote - 1] is 'r' or 'R';
        char mark = text[quote];
        bool isTriple = text[quote..].StartsWith([mark, mark, mark]);
        int marks = isTriple ? 3 : 1;
        _start = quote + marks;
        _end = FindEnd(text, _start, mark, isTriple, _isRaw);
        _text = text;
        Length = _end < 0 ? -1 : _end + marks;
    }

    /// <summary>With prefix and quotes; -1 when it is not closed.</summary>
    public int Length { get; }

    /// <param name="at">Where what is wrong stands, from the start of the text.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? TryDecode(out CelValue value, out int at)
    {
        StringBuilder characters = new();
        List<byte> bytes = [];
        value = default;
        at = _start;
        Span<byte> encoded = stackalloc byte[4];
        while (at < _end)
        {
            string? problem = Unit(at, out int code, out int length, out bool isOctet);
            if (problem is not null) return problem;
            at += length;
            if (!_isBytes) Append(characters, code);
            else if (isOctet) bytes.Add((byte)code);
            else bytes.AddRange(encoded[..new Rune(code).EncodeToUtf8(encoded)]);
        }
        value = _isBytes ? CelValue.Of([.. bytes]) : CelValue.Of(characters.ToString());
        return null;
    }

    private static int FindEnd(ReadOnlySpan<char> text, int start, char mark, bool isTriple, bool isRaw)
    {
        for (int i = start; i < text.Length; i++)
        {
            if (text[i] == '\\' && !isRaw) i++;
            else if (!isTriple && text[i] is '\n' or '\r') return -1;
            else if (text[i] == mark && (!isTriple || text[i..].StartsWith([mark, mark, mark]))) return i;
        }
        return -1;
    }

    private static void Append(StringBuilder characters, int code)
    {
        if (code > char.MaxValue) characters.Append(char.ConvertFromUtf32(code));
        else characters.Append((char)code);
    }

    /// <summary>One code point, or for bytes one octet.</summary>
    private string? Unit(int at, out int code, out int length, out bool isOctet)
    {
        isOctet = false;
        if (_text[at] == '\\' && !_isRaw) return Escape(at, out code, out length, out isOctet);
        bool isPair = at + 1 < _end && char.IsSurrogatePair(_text[at], _text[at + 1]);
        length = isPair ? 2 : 1;
        code = isPair ? char.ConvertToUtf32(_text[at], _text[at + 1]) : _text[at];
        return !isPair && char.IsSurrogate(_text[at]) ? "half a surrogate pair is no character" : null;
    }

    private string? Escape(int at, out int code, out int length, out bool isOctet)
    {
        char letter = _text[at + 1];
        length = 2;
        isOctet = false;
        code = letter switch
        {
            '\\' or '?' or '"' or '\'' or '`' => letter,
            'a' => '\a',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            _ => -1,
        };
        if (code >= 0) return null;
        isOctet = _isBytes;
        return letter switch
        {
            'x' or 'X' => Digits(at + 2, 2, 16, out code, out length),
            'u' when !_isBytes => Digits(at + 2, 4, 16, out code, out length),
            'U' when !_isBytes => Digits(at + 2, 8, 16, out code, out length),
            >= '0' and <= '3' => Digits(at + 1, 3, 8, out code, out length),
            _ => $"`\\{letter}` is not an escape{(_isBytes ? " of bytes" : "")}",
        };
    }

    private string? Digits(int start, int count, int radix, out int code, out int length)
    {
        length = (radix == 8 ? 1 : 2) + count;
        code = 0;
        long number = 0;
        for (int i = start; i < start + count; i++)
        {
            bool isDigit = i < _end && char.IsAsciiHexDigit(_text[i]);
            int digit = isDigit ? int.Parse(_text.Slice(i, 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : radix;
            if (digit >= radix) return $"this escape needs {count} {(radix == 8 ? "octal" : "hexadecimal")} digits";
            number = number * radix + digit;
        }
        if (!_isBytes && (number > 0x10FFFF || number is >= 0xD800 and <= 0xDFFF)) return "this escape is no character of Unicode";
        code = (int)number;
        return null;
    }
}
