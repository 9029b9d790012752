using System.Globalization;

namespace AuthzGraph.SchemaCompiler.Cel.Syntax;

/// <summary><c>12</c>, <c>0x1F</c>, <c>12u</c>, <c>1.5</c>, <c>.5</c>, <c>1e-3</c>.</summary>
internal static class NumberLiteral
{
    /// <summary>How much of a text that starts with a digit, or with a dot and a digit, is one number.</summary>
    public static int LengthOf(ReadOnlySpan<char> text)
    {
        bool isHex = text.Length > 2 && text[0] == '0' && text[1] is 'x' or 'X' && char.IsAsciiHexDigit(text[2]);
        int length = isHex ? 2 + HexDigits(text[2..]) : Digits(text);
        if (!isHex)
        {
            int whole = length;
            if (Digits(After(text, length, 1)) is > 0 and int fraction && text[length] == '.') length += 1 + fraction;
            length += ExponentLength(text[length..]);
            if (length > whole) return length;
        }
        return length < text.Length && text[length] is 'u' or 'U' ? length + 1 : length;
    }

    /// <returns>What is wrong; null when nothing is.</returns>
    public static string? TryRead(ReadOnlySpan<char> text, bool isNegative, out CelValue value)
    {
        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (!isHex && text.IndexOfAny(".eE") >= 0) return Double(text, isNegative, out value);
        bool isUint = text[^1] is 'u' or 'U';
        ReadOnlySpan<char> digits = isUint ? text[..^1] : text;
        if (isHex) digits = digits[2..];
        NumberStyles style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        value = default;
        if (!ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out ulong magnitude)) return $"`{text}` does not fit 64 bits";
        if (isUint)
        {
            value = CelValue.Of(magnitude);
            return null;
        }
        if (magnitude > (isNegative ? 1UL << 63 : long.MaxValue)) return $"`{text}` does not fit an int; a `u` makes it a uint";
        value = CelValue.Of(isNegative ? unchecked(-(long)magnitude) : (long)magnitude);
        return null;
    }

    private static string? Double(ReadOnlySpan<char> text, bool isNegative, out CelValue value)
    {
        double number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        value = CelValue.Of(isNegative ? -number : number);
        return double.IsInfinity(number) ? $"`{text}` does not fit a double" : null;
    }

    private static int ExponentLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] is not ('e' or 'E')) return 0;
        int sign = text[1] is '+' or '-' ? 1 : 0;
        int digits = Digits(text[(1 + sign)..]);
        return digits == 0 ? 0 : 1 + sign + digits;
    }

    private static ReadOnlySpan<char> After(ReadOnlySpan<char> text, int start, int skipped) =>
        text.Length > start + skipped ? text[(start + skipped)..] : [];

    private static int Digits(ReadOnlySpan<char> text)
    {
        int length = text.IndexOfAnyExceptInRange('0', '9');
        return length < 0 ? text.Length : length;
    }

    private static int HexDigits(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && char.IsAsciiHexDigit(text[length])) length++;
        return length;
    }
}
