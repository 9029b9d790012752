using System.Globalization;

namespace AuthzGraph.Rpc;

/// <summary>The grpc-timeout header: up to eight digits and a unit, one of H M S m u n.</summary>
public static class RpcTimeout
{
    private const int MaxDigits = 8;
    private const long MaxValue = 99_999_999;

    /// <summary>As fine as eight digits allow, rounded up; what is past is the shortest there is.</summary>
    public static string Format(TimeSpan timeout)
    {
        long ticks = Math.Max(timeout.Ticks, 1);
        (long Ticks, char Unit)[] units =
        [
            (TimeSpan.TicksPerMicrosecond, 'u'), (TimeSpan.TicksPerMillisecond, 'm'), (TimeSpan.TicksPerSecond, 'S'),
            (TimeSpan.TicksPerMinute, 'M'), (TimeSpan.TicksPerHour, 'H'),
        ];
        foreach ((long size, char unit) in units)
        {
            long value = (ticks - 1) / size + 1;
            if (value <= MaxValue) return string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
        }
        return "99999999H";
    }

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1) return false;
        if (!long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long value)) return false;
        if (text[^1] == 'n')
        {
            timeout = TimeSpan.FromTicks(value / TimeSpan.NanosecondsPerTick);
            return true;
        }
        long unit = TicksOf(text[^1]);
        timeout = TimeSpan.FromTicks(value * unit);
        return unit > 0;
    }

    // 99,999,999 hours are 3.6e18 ticks: no product here overflows
    private static long TicksOf(char unit) => unit switch
    {
        'H' => TimeSpan.TicksPerHour,
        'M' => TimeSpan.TicksPerMinute,
        'S' => TimeSpan.TicksPerSecond,
        'm' => TimeSpan.TicksPerMillisecond,
        'u' => TimeSpan.TicksPerMicrosecond,
        _ => 0,
    };
}
