using System.Runtime.InteropServices;
using AuthzGraph.Graph.Index.Memory;

namespace AuthzGraph.Perf.Graph.Checks;

/// <summary>A random cycle through memory, a cache line a step: what L, one dependent load from memory, is measured on.</summary>
internal sealed class LoadChain
{
    private const int LineWords = 16;
    private const int Steps = 1 << 16;

    private readonly uint[] _next;
    private uint _at;

    public LoadChain(Random random, int bytes)
    {
        int lines = bytes / (LineWords * sizeof(uint));
        _next = GC.AllocateUninitializedArray<uint>(lines * LineWords, pinned: true);
        HugePages.Advise(Marshal.UnsafeAddrOfPinnedArrayElement(_next, 0), (ulong)bytes);
        int[] order = [.. Enumerable.Range(0, lines)];
        random.Shuffle(order);
        for (int i = 0; i < lines; i++) _next[order[i] * LineWords] = (uint)order[(i + 1) % lines] * LineWords;
    }

    /// <summary>Nanoseconds of one load, by this thread's own time.</summary>
    public double Measure()
    {
        long start = ThreadClock.Nanoseconds;
        _at = Follow(_at, Steps);
        return (ThreadClock.Nanoseconds - start) / (double)Steps;
    }

    /// <summary>The place some steps on.</summary>
    public uint Follow(uint at, int steps)
    {
        for (int i = 0; i < steps; i++) at = _next[at];
        return at;
    }

    /// <summary>Reads so much that nothing else is left in the caches nearest to the processor.</summary>
    public uint Sweep(int bytes)
    {
        uint sum = 0;
        int words = Math.Min(bytes / sizeof(uint), _next.Length);
        for (int i = 0; i < words; i += LineWords) sum += _next[i];
        return sum;
    }
}
