using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AuthzGraph.Perf.Graph.Checks;

/// <summary>Time this thread has spent on a processor, where Linux tells: what others run on the machine does not count.</summary>
internal static class ThreadClock
{
    private const int ThreadCpuTime = 3;

    private static readonly bool IsLinux = OperatingSystem.IsLinux();

    public static long Nanoseconds
    {
        get
        {
            if (!IsLinux || clock_gettime(ThreadCpuTime, out Timespec now) != 0) return (long)Stopwatch.GetElapsedTime(0).TotalNanoseconds;
            return now.Seconds * 1_000_000_000 + now.Nanoseconds;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [DllImport("libc", ExactSpelling = true)]
    private static extern int clock_gettime(int clock, out Timespec now);
}
