using System.Globalization;

namespace AuthzGraph.Model;

/// <summary>A point in time: microseconds since 1970-01-01T00:00:00Z.</summary>
public readonly record struct Instant(long Microseconds) : IComparable<Instant>
{
    /// <summary>Before every instant: the start of a window that has none.</summary>
    public static readonly Instant Beginning = new(long.MinValue);

    /// <summary>After every instant: the end of a window that has none.</summary>
    public static readonly Instant Never = new(long.MaxValue);

    public bool IsFinite => this != Beginning && this != Never;

    public static Instant From(DateTimeOffset time) => new((time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);

    public DateTimeOffset ToDateTimeOffset() => new(DateTime.UnixEpoch.Ticks + Microseconds * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    /// <summary>This instant moved by a number of microseconds; stays <see cref="Beginning"/> or <see cref="Never"/> and never wraps.</summary>
    public Instant Plus(long microseconds)
    {
        if (!IsFinite) return this;
        long moved = unchecked(Microseconds + microseconds);
        bool wrapped = ((Microseconds ^ moved) & (microseconds ^ moved)) < 0;
        return wrapped ? (microseconds > 0 ? Never : Beginning) : new Instant(moved);
    }

    public int CompareTo(Instant other) => Microseconds.CompareTo(other.Microseconds);
    public static bool operator <(Instant left, Instant right) => left.Microseconds < right.Microseconds;
    public static bool operator >(Instant left, Instant right) => left.Microseconds > right.Microseconds;
    public static bool operator <=(Instant left, Instant right) => left.Microseconds <= right.Microseconds;
    public static bool operator >=(Instant left, Instant right) => left.Microseconds >= right.Microseconds;
    public static Instant Min(Instant left, Instant right) => left < right ? left : right;
    public static Instant Max(Instant left, Instant right) => left > right ? left : right;

    /// <summary>RFC 3339 in UTC, with as many fractional digits as it needs, at most six.</summary>
    public override string ToString()
    {
        if (this == Beginning) return "beginning";
        if (this == Never) return "never";
        if (this < Earliest || this > Latest) return $"{Microseconds}us";
        return ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
    }

    /// <summary>Reads RFC 3339. What is finer than a microsecond rounds up for a start and down for an end (DESIGN §2).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, Rounding rounding, out Instant value)
    {
        value = default;
        int dot = text.IndexOf('.');
        ReadOnlySpan<char> whole = text;
        ReadOnlySpan<char> fraction = default;
        if (dot >= 0)
        {
            int end = dot + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
            fraction = text[(dot + 1)..end];
            if (fraction.IsEmpty) return false;
            whole = string.Concat(text[..dot], text[end..]);
        }
        if (!DateTimeOffset.TryParseExact(whole, ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz"],
                CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)) return false;
        long micros = 0;
        for (int i = 0; i < 6; i++) micros = micros * 10 + (i < fraction.Length ? fraction[i] - '0' : 0);
        bool finer = fraction.Length > 6 && fraction[6..].ContainsAnyExcept('0');
        if (finer && rounding == Rounding.Up) micros++;
        value = From(time).Plus(micros);
        return true;
    }

    private static readonly Instant Earliest = From(DateTimeOffset.MinValue);
    private static readonly Instant Latest = From(DateTimeOffset.MaxValue);
}

/// <summary>Where an instant given more finely than a microsecond goes.</summary>
public enum Rounding { Down, Up }

/// <summary>When a tuple holds: <c>[NotBefore, ExpiresAt)</c>, with no grace at either end.</summary>
public readonly record struct Window(Instant NotBefore, Instant ExpiresAt)
{
    public static readonly Window Always = new(Instant.Beginning, Instant.Never);

    public bool IsEmpty => NotBefore >= ExpiresAt;
    public bool Contains(Instant t) => NotBefore <= t && t < ExpiresAt;
    public bool Within(Window outer) => outer.NotBefore <= NotBefore && ExpiresAt <= outer.ExpiresAt;

    /// <summary>The first instant after <paramref name="t"/> at which this window opens or closes; <see cref="Instant.Never"/> if none.</summary>
    public Instant NextChange(Instant t) => t < NotBefore ? NotBefore : t < ExpiresAt ? ExpiresAt : Instant.Never;
}
