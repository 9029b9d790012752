using System.Globalization;

namespace AuthzGraph.SchemaCompiler.Cel.Evaluation;

/// <summary>A timestamp: seconds since 1970 and nanoseconds after them, UTC, of the years 1 to 9999.</summary>
internal readonly record struct CelInstant(long Seconds, int Nanoseconds) : IComparable<CelInstant>
{
    public const long NanosecondsPerSecond = 1_000_000_000;

    private const long First = -62135596800;        // 0001-01-01T00:00:00Z
    private const long Last = 253402300799;         // 9999-12-31T23:59:59Z

    public Int128 TotalNanoseconds => (Int128)Seconds * NanosecondsPerSecond + Nanoseconds;

    public static bool TryOf(Int128 nanoseconds, out CelInstant instant)
    {
        Int128 fraction = nanoseconds % NanosecondsPerSecond;
        if (fraction < 0) fraction += NanosecondsPerSecond;
        Int128 seconds = (nanoseconds - fraction) / NanosecondsPerSecond;
        bool fits = seconds >= First && seconds <= Last;
        instant = fits ? new CelInstant((long)seconds, (int)fraction) : default;
        return fits;
    }

    public int CompareTo(CelInstant other) =>
        Seconds != other.Seconds ? Seconds.CompareTo(other.Seconds) : Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>RFC 3339, with nanoseconds where there are any.</summary>
    public override string ToString()
    {
        string second = At(0).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return Nanoseconds == 0 ? $"{second}Z" : $"{second}.{Nanoseconds.ToString("000000000", CultureInfo.InvariantCulture).TrimEnd('0')}Z";
    }

    /// <summary>The calendar and the clock of a place so many seconds ahead of UTC; at the ends of time, of the last moment there is.</summary>
    public DateTime At(long offsetSeconds) =>
        DateTime.UnixEpoch.AddTicks(Math.Clamp(Seconds + offsetSeconds, First, Last) * TimeSpan.TicksPerSecond);

    /// <summary>Reads RFC 3339: <c>2026-08-01T09:30:00Z</c>, <c>2026-08-01T09:30:00.25+02:00</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CelInstant instant)
    {
        instant = default;
        if (text.Length < 20 || text[10] is not ('T' or 't')) return false;
        if (!HasShape(text[..10], "0000-00-00") || !HasShape(text[11..19], "00:00:00")) return false;
        if (!TryFraction(text[19..], out int nanoseconds, out int length) || !TryOffset(text[(19 + length)..], out long offset)) return false;
        if (!DateTime.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime day)) return false;
        (int hour, int minute, int second) = (Pair(text, 11), Pair(text, 14), Pair(text, 17));
        if (hour > 23 || minute > 59 || second > 59) return false;
        long seconds = (day.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond + hour * 3600 + minute * 60 + second - offset;
        return TryOf((Int128)seconds * NanosecondsPerSecond + nanoseconds, out instant);
    }

    /// <summary><c>+02:00</c>, <c>-08:00</c>, <c>02:00</c>.</summary>
    public static bool TryReadOffset(ReadOnlySpan<char> text, out long seconds)
    {
        bool isSigned = text.Length > 0 && text[0] is '+' or '-';
        ReadOnlySpan<char> clock = isSigned ? text[1..] : text;
        seconds = 0;
        if (!HasShape(clock, "00:00") || Pair(clock, 0) > 23 || Pair(clock, 3) > 59) return false;
        seconds = (Pair(clock, 0) * 3600 + Pair(clock, 3) * 60) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out long seconds)
    {
        seconds = 0;
        return text is ['Z'] or ['z'] || (text is ['+' or '-', ..] && TryReadOffset(text, out seconds));
    }

    private static bool TryFraction(ReadOnlySpan<char> text, out int nanoseconds, out int length)
    {
        nanoseconds = 0;
        length = 0;
        if (text[0] != '.') return true;
        long scale = NanosecondsPerSecond;
        for (length = 1; length < text.Length && char.IsAsciiDigit(text[length]); length++)
        {
            scale /= 10;
            nanoseconds += (int)((text[length] - '0') * scale);
        }
        return length > 1;
    }

    private static int Pair(ReadOnlySpan<char> text, int at) => (text[at] - '0') * 10 + text[at + 1] - '0';

    private static bool HasShape(ReadOnlySpan<char> text, string shape)
    {
        if (text.Length != shape.Length) return false;
        for (int i = 0; i < shape.Length; i++)
            if (shape[i] == '0' ? !char.IsAsciiDigit(text[i]) : text[i] != shape[i]) return false;
        return true;
    }
}
