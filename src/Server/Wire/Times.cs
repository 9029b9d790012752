using AuthzGraph.Model;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Server.Wire;

/// <summary>Timestamps of the wire (nanoseconds) and instants (microseconds).</summary>
internal static class Times
{
    private const long MicrosPerSecond = 1_000_000;
    private const int NanosPerMicro = 1_000;

    // what google.protobuf.Timestamp allows: the years 1 to 9999
    private const long MinSeconds = -62_135_596_800;
    private const long MaxSeconds = 253_402_300_799;

    /// <summary>A window; what is finer than a microsecond makes it smaller, never larger.</summary>
    public static Window ToWindow(Timestamp? notBefore, Timestamp? expiresAt) => new(
        notBefore is null ? Instant.Beginning : ToInstant(notBefore, "not_before", Rounding.Up),
        expiresAt is null ? Instant.Never : ToInstant(expiresAt, "expires_at", Rounding.Down));

    /// <summary>Absent for <see cref="Instant.Beginning"/> and <see cref="Instant.Never"/>.</summary>
    public static Timestamp? ToWire(Instant instant) =>
        TryToWire(instant, out long seconds, out int nanos) ? new Timestamp { Seconds = seconds, Nanos = nanos } : null;

    /// <summary>False where <see cref="ToWire"/> is absent.</summary>
    public static bool TryToWire(Instant instant, out long seconds, out int nanos)
    {
        (seconds, long micros) = Math.DivRem(instant.Microseconds, MicrosPerSecond);
        if (micros < 0) (seconds, micros) = (seconds - 1, micros + MicrosPerSecond);
        nanos = (int)micros * NanosPerMicro;
        return instant.IsFinite && seconds is >= MinSeconds and <= MaxSeconds;
    }

    private static Instant ToInstant(Timestamp time, string field, Rounding rounding)
    {
        if (time.Seconds is < MinSeconds or > MaxSeconds || time.Nanos is < 0 or >= 1_000_000_000)
            throw Rejection.Invalid("INVALID_TIMESTAMP", $"`{field}` is not a time between the years 1 and 9999");
        (int micros, int rest) = Math.DivRem(time.Nanos, NanosPerMicro);
        if (rest > 0 && rounding == Rounding.Up) micros++;
        return new Instant(time.Seconds * MicrosPerSecond + micros);
    }
}
