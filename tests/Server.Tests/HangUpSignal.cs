using System.Globalization;

namespace AuthzGraph.Server.Tests;

/// <summary>SIGHUP as these tests inherited it: who was started by nohup ignores it, and so does whatever he starts.</summary>
internal static class HangUpSignal
{
    private const ulong Bit = 1;

    /// <summary>Whether a hangup does not reach this process.</summary>
    public static bool IsIgnored { get; } = OperatingSystem.IsLinux() && (ulong.Parse(Ignored()["SigIgn:".Length..], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & Bit) != 0;

    /// <summary>What a command has to be started under, so that a hangup reaches it.</summary>
    public static string[] Restored => IsIgnored ? ["env", "--default-signal=HUP"] : [];

    private static string Ignored() => File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
}
