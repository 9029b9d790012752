using System.Globalization;
using System.Runtime.InteropServices;

namespace AuthzGraph.Perf.Graph.Checks;

/// <summary>How many pages of 4 KiB this process reads or writes in some time, as Linux notes it (<c>/proc/self/clear_refs</c>, <c>smaps_rollup</c>).</summary>
internal static class ReferencedPages
{
    private const int PageKilobytes = 4;
    private const int DisableHugePages = 41;
    private const string Forget = "/proc/self/clear_refs";
    private const string Noted = "/proc/self/smaps_rollup";

    public static bool CanBeCounted { get; } = OperatingSystem.IsLinux() && File.Exists(Forget) && File.Exists(Noted);

    /// <summary>Whether memory that this process touches from now on may be in pages of 2 MiB, of which no one could tell what is read.</summary>
    public static void AllowHuge(bool allowed)
    {
        if (prctl(DisableHugePages, allowed ? 0ul : 1, 0, 0, 0) != 0) throw new InvalidOperationException($"prctl: error {Marshal.GetLastPInvokeError()}");
    }

    /// <param name="between">Runs once the pages are forgotten and before it counts: has to drive them out of the processor's own list, or reading one again is not noted.</param>
    public static int Count(Action between, Action action)
    {
        File.WriteAllText(Forget, "1");
        between();
        action();
        const string Field = "Referenced:";
        string line = File.ReadLines(Noted).First(line => line.StartsWith(Field, StringComparison.Ordinal));
        return int.Parse(line.AsSpan(Field.Length).Trim()[..^2].TrimEnd(), CultureInfo.InvariantCulture) / PageKilobytes;
    }

    [DllImport("libc", ExactSpelling = true, SetLastError = true)]
    private static extern int prctl(int option, ulong argument, ulong third, ulong fourth, ulong fifth);
}
