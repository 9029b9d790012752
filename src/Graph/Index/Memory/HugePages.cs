using System.Runtime.InteropServices;

namespace AuthzGraph.Graph.Index.Memory;

/// <summary>
/// Asks Linux for pages of 2 MiB under large arrays. A dependent load from a gigabyte costs half as much with them as with pages of
/// 4 KiB. Where the system refuses, nothing else changes.
/// </summary>
internal static class HugePages
{
    /// <summary>Of a huge page.</summary>
    public const int PageBytes = 2 << 20;

    private const ulong SmallPageBytes = 4096;
    private const int Advice = 14;
    private const int Population = 23;
    private const string SettingPath = "/sys/kernel/mm/transparent_hugepage/enabled";

    /// <summary>Advises the whole huge pages of a range that was not touched yet; says how many bytes they are, 0 if the system did not take the advice.</summary>
    public static long Advise(nint first, ulong bytes)
    {
        ulong from = ((ulong)first + PageBytes - 1) & ~(PageBytes - 1ul);
        ulong to = ((ulong)first + bytes) & ~(PageBytes - 1ul);
        return to > from && IsAllowed && madvise((nint)from, (nuint)(to - from), Advice) == 0 ? (long)(to - from) : 0;
    }

    /// <summary>Has the system back a range with memory now, whoever uses it meanwhile; what is there stays. Systems that don't know how do so later.</summary>
    public static void Populate(nint first, nint end)
    {
        if (!OperatingSystem.IsLinux()) return;
        ulong from = (ulong)first & ~(SmallPageBytes - 1);
        // by the huge page, since the system holds a lock meanwhile; in a call, since the collector waits for nobody who is in one
        for (ulong to; from < (ulong)end; from = to)
        {
            to = Math.Min((from | (PageBytes - 1ul)) + 1, ((ulong)end + SmallPageBytes - 1) & ~(SmallPageBytes - 1));
            if (madvise((nint)from, (nuint)(to - from), Population) != 0) return;
        }
    }

    /// <summary>Whether the system hands out huge pages to those who ask.</summary>
    public static bool IsAllowed { get; } = OperatingSystem.IsLinux() && !ReadSetting().Contains("[never]", StringComparison.Ordinal);

    private static string ReadSetting()
    {
        try { return File.ReadAllText(SettingPath); }
        catch (IOException) { return "[never]"; }
        catch (UnauthorizedAccessException) { return "[never]"; }
    }

    [DllImport("libc", ExactSpelling = true)]
    private static extern int madvise(nint address, nuint length, int advice);
}
