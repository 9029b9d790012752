using System.Globalization;

namespace AuthzGraph.SchemaCompiler.Cel.Evaluation;

/// <summary>Durations as Go writes them: <c>1h30m</c>, <c>-1.5s</c>, <c>250ms</c>; nanoseconds in 64 bits, 292 years either way.</summary>
internal static class Durations
{
    public static bool TryParse(ReadOnlySpan<char> text, out long nanoseconds)
    {
        nanoseconds = 0;
        bool isNegative = text is ['-', ..];
        ReadOnlySpan<char> rest = text is ['+' or '-', ..] ? text[1..] : text;
        if (rest is "0") return true;
        if (rest.IsEmpty) return false;
        Int128 total = 0;
        while (!rest.IsEmpty)
        {
            if (!TryReadPart(ref rest, out Int128 part)) return false;
            total += part;
            if (total > (Int128)long.MaxValue + 1) return false;
        }
        if (isNegative) total = -total;
        if (total > long.MaxValue) return false;
        nanoseconds = (long)total;
        return true;
    }

    /// <summary>Seconds, as CEL writes them: <c>1.5s</c>.</summary>
    public static string ToText(long nanoseconds)
    {
        UInt128 magnitude = (UInt128)Int128.Abs(nanoseconds);
        (UInt128 seconds, UInt128 fraction) = UInt128.DivRem(magnitude, CelInstant.NanosecondsPerSecond);
        string text = (nanoseconds < 0 ? "-" : "") + seconds.ToString(CultureInfo.InvariantCulture);
        return fraction == 0 ? $"{text}s" : $"{text}.{((ulong)fraction).ToString("000000000", CultureInfo.InvariantCulture).TrimEnd('0')}s";
    }

    private static bool TryReadPart(ref ReadOnlySpan<char> rest, out Int128 nanoseconds)
    {
        nanoseconds = 0;
        int digits = Digits(rest);
        int fraction = digits < rest.Length && rest[digits] == '.' ? Digits(rest[(digits + 1)..]) : -1;
        int length = digits + (fraction < 0 ? 0 : fraction + 1);
        if (digits + fraction <= 0 && digits == 0 || digits > 19) return false;
        (long unit, int letters) = Unit(rest[length..]);
        if (letters == 0) return false;
        if (digits > 0) nanoseconds = Int128.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture) * unit;
        if (fraction > 0) nanoseconds += Fraction(rest.Slice(digits + 1, Math.Min(fraction, 18)), unit);
        rest = rest[(length + letters)..];
        return true;
    }

    private static Int128 Fraction(ReadOnlySpan<char> digits, long unit)
    {
        Int128 part = Int128.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) * unit;
        for (int i = 0; i < digits.Length; i++) part /= 10;
        return part;
    }

    private static (long Nanoseconds, int Letters) Unit(ReadOnlySpan<char> text) => text switch
    {
        ['n', 's', ..] => (1, 2),
        ['u' or 'µ' or 'μ', 's', ..] => (1_000, 2),
        ['m', 's', ..] => (1_000_000, 2),
        ['s', ..] => (CelInstant.NanosecondsPerSecond, 1),
        ['m', ..] => (60 * CelInstant.NanosecondsPerSecond, 1),
        ['h', ..] => (3600 * CelInstant.NanosecondsPerSecond, 1),
        _ => (0, 0),
    };

    private static int Digits(ReadOnlySpan<char> text)
    {
        int length = text.IndexOfAnyExceptInRange('0', '9');
        return length < 0 ? text.Length : length;
    }
}
