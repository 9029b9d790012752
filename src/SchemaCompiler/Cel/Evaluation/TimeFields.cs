using System.Buffers;

namespace AuthzGraph.SchemaCompiler.Cel.Evaluation;

/// <summary><c>getHours()</c> and the like: of a timestamp in UTC or in the time zone of the argument, or of a whole duration.</summary>
internal static class TimeFields
{
    /// <summary>A zone by name is looked up, which costs more than arithmetic.</summary>
    private const int ZoneSteps = 50;

    private static readonly SearchValues<char> ZoneCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");

    public static CelValue Year(ref CelFrame frame, in CelValue time, in CelValue zone) => Of(ref frame, time, zone, t => t.Year);

    /// <summary>From 0.</summary>
    public static CelValue Month(ref CelFrame frame, in CelValue time, in CelValue zone) => Of(ref frame, time, zone, t => t.Month - 1);

    /// <summary>From 1.</summary>
    public static CelValue Date(ref CelFrame frame, in CelValue time, in CelValue zone) => Of(ref frame, time, zone, t => t.Day);

    /// <summary>From 0.</summary>
    public static CelValue DayOfMonth(ref CelFrame frame, in CelValue time, in CelValue zone) => Of(ref frame, time, zone, t => t.Day - 1);

    /// <summary>From 0, a Sunday.</summary>
    public static CelValue DayOfWeek(ref CelFrame frame, in CelValue time, in CelValue zone) => Of(ref frame, time, zone, t => (long)t.DayOfWeek);

    /// <summary>From 0.</summary>
    public static CelValue DayOfYear(ref CelFrame frame, in CelValue time, in CelValue zone) => Of(ref frame, time, zone, t => t.DayOfYear - 1);

    public static CelValue Hours(ref CelFrame frame, in CelValue time, in CelValue zone) => time.Kind == CelKind.Duration
        ? Whole(time, 3600 * CelInstant.NanosecondsPerSecond)
        : Of(ref frame, time, zone, t => t.Hour);

    public static CelValue Minutes(ref CelFrame frame, in CelValue time, in CelValue zone) => time.Kind == CelKind.Duration
        ? Whole(time, 60 * CelInstant.NanosecondsPerSecond)
        : Of(ref frame, time, zone, t => t.Minute);

    public static CelValue Seconds(ref CelFrame frame, in CelValue time, in CelValue zone) => time.Kind == CelKind.Duration
        ? Whole(time, CelInstant.NanosecondsPerSecond)
        : Of(ref frame, time, zone, t => t.Second);

    public static CelValue Milliseconds(ref CelFrame frame, in CelValue time, in CelValue zone)
    {
        if (time.Kind == CelKind.Duration) return Whole(time, 1_000_000);
        CelValue checkedZone = Of(ref frame, time, zone, t => 0);
        return checkedZone.IsAbnormal ? checkedZone : CelValue.Of((long)time.AsTimestamp.Nanoseconds / 1_000_000);
    }

    private static CelValue Whole(in CelValue duration, long unit) => CelValue.Of(duration.AsDuration / unit);

    private static CelValue Of(ref CelFrame frame, in CelValue time, in CelValue zone, Func<DateTime, long> field)
    {
        if (time.Kind != CelKind.Timestamp) return CelValue.Error($"{CelKinds.OneOf(time.Kind)} has no such field");
        if (zone.Kind == CelKind.Absent) return CelValue.Of(field(time.AsTimestamp.At(0)));
        if (zone.Kind != CelKind.String) return CelValue.Error($"{CelKinds.OneOf(zone.Kind)} is not a time zone");
        return TryOffset(ref frame, time.AsTimestamp, zone.AsString, out long offset)
            ? CelValue.Of(field(time.AsTimestamp.At(offset)))
            : CelValue.Error($"`{Syntax.Quoted.Short(zone.AsString)}` is not a time zone");
    }

    private static bool TryOffset(ref CelFrame frame, CelInstant time, string zone, out long seconds)
    {
        seconds = 0;
        if (zone is "UTC" or "" || CelInstant.TryReadOffset(zone, out seconds)) return true;
        // names of zones are also names of files: nothing that could lead out of their folder is looked up
        bool isName = zone.Length <= 64 && char.IsAsciiLetter(zone[0]) && zone.AsSpan().IndexOfAnyExcept(ZoneCharacters) < 0;
        if (!isName || !frame.Charge(ZoneSteps) || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out TimeZoneInfo? place)) return false;
        seconds = place.GetUtcOffset(time.At(0)).Ticks / TimeSpan.TicksPerSecond;
        return true;
    }
}
