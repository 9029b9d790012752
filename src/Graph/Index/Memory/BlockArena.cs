using System.Numerics;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index.Memory;

/// <summary>
/// Blocks of 4-byte words out of large pinned arrays, which the garbage collector neither moves nor looks into. Blocks never move;
/// freed ones are handed out again by size. Sizes up to 64 words are even and exact, larger ones have four steps to the doubling.
/// Blocks of 16 words and more, if a power of two, begin at a cache line. Up to 64 bytes behind any block may be read, not written.
/// For one writer; what a reader may still hold goes through <see cref="Limbo"/> first.
/// </summary>
internal sealed unsafe class BlockArena : IReusable
{
    private const int ExactWords = 64;
    private const int LineWords = 16;
    private const int FirstSegmentBytes = 16 << 10;
    private const int FewBytes = 512 << 10;
    private const int LargestSegmentBytes = 64 << 20;
    private const int PlaceShift = 23;          // a segment has at most so many bits of 8-byte words
    private const int MaxPlacedSegments = 1 << 11;

    private readonly List<ArenaSegment> _segments = [];
    private nint[] _places = [];                // where each segment begins
    private readonly nint[] _free = new nint[ExactWords + 4 * 32];
    private Task<ArenaSegment>? _coming;
    private uint* _next;
    private uint* _end;
    private uint* _lookAt;      // there the segment is to look ahead

    /// <summary>Bytes of all segments.</summary>
    public long Reserved { get; private set; }

    /// <summary>Bytes of the blocks handed out and not freed.</summary>
    public long Used { get; private set; }

    /// <summary>Bytes the system agreed to back with huge pages.</summary>
    public long Huge { get; private set; }

    /// <summary>A block of at least <paramref name="words"/> words, of any content.</summary>
    public uint* Allocate(int words)
    {
        int size = Rounded(words);
        Used += size * 4L;
        ref nint free = ref _free[ClassOf(size)];
        if (free == 0) return Carve(size);
        uint* block = (uint*)free;
        free = *(nint*)block;
        return block;
    }

    /// <summary>A block of zeros.</summary>
    public uint* AllocateZeroed(int words)
    {
        uint* block = Allocate(words);
        new Span<uint>(block, words).Clear();
        return block;
    }

    /// <summary>Takes back a block that nobody reads.</summary>
    public void Free(uint* block, int words)
    {
        int size = Rounded(words);
        Used -= size * 4L;
        ref nint free = ref _free[ClassOf(size)];
        *(nint*)block = free;
        free = (nint)block;
    }

    /// <summary>The place of a block of even size, its address in 34 bits: 128 GiB in segments of 64 MiB. For arenas without larger blocks.</summary>
    public ulong PlaceOf(uint* block)
    {
        int segment = _segments.Count - 1;
        while ((nuint)((nint)block - _places[segment]) >= (nuint)_segments[segment].Bytes) segment--;
        Invariant.That(segment < MaxPlacedSegments);
        return (ulong)segment << PlaceShift | (ulong)((nint)block - _places[segment]) / sizeof(ulong);
    }

    /// <summary>The block at a place. Any thread may ask that was told of it.</summary>
    public uint* At(ulong place) => (uint*)(Volatile.Read(ref _places)[place >> PlaceShift] + (nint)(place & ((1 << PlaceShift) - 1)) * sizeof(ulong));

    void IReusable.Reuse(ulong what, int size) => Free((uint*)what, size);

    private uint* Carve(int words)
    {
        int alignment = BitOperations.IsPow2(words) ? Math.Min(words, LineWords) : 2;
        uint* block = Align(_next, alignment);
        if (_next == null || block + words > _end)
        {
            AddSegment(words);
            block = Align(_next, alignment);
        }
        _next = block + words;
        if (_next >= _lookAt) LookAhead();
        return block;
    }

    private void AddSegment(int words)
    {
        long bytes = Math.Max(NextBytes, words * 4L + 2 * LineWords * 4);
        ArenaSegment segment = TakeComing(bytes) ?? new ArenaSegment(bytes, LineWords * 4);
        _segments.Add(segment);
        Volatile.Write(ref _places, [.. _places, (nint)segment.Start]);
        _next = _lookAt = (uint*)segment.Start;
        _end = (uint*)segment.End;
        Huge += segment.Huge;
        Reserved += segment.Bytes;
    }

    /// <summary>The segment that was made ahead, if it is ready and large enough.</summary>
    private ArenaSegment? TakeComing(long bytes)
    {
        if (_coming is not { IsCompleted: true } coming) return null;
        if (coming.IsCompletedSuccessfully && coming.Result.Bytes < bytes) return null;
        _coming = null;
        return coming.IsCompletedSuccessfully ? coming.Result : null;
    }

    /// <summary>About as much as there is already; of a store that is not small, whole huge pages.</summary>
    private long NextBytes => Reserved < FewBytes
        ? Math.Max(FirstSegmentBytes, Reserved)
        : Math.Clamp(Reserved & -HugePages.PageBytes, ArenaSegment.LeastBytesTouched, LargestSegmentBytes);

    /// <summary>Has other threads touch what comes next, at the end of a segment the beginning of another.</summary>
    private void LookAhead()
    {
        _lookAt = (uint*)_segments[^1].TouchAhead((byte*)_next);
        if (_lookAt != null) return;
        _lookAt = (uint*)nint.MaxValue;
        long bytes = NextBytes;
        if (bytes >= ArenaSegment.LeastBytesTouched) _coming ??= OwnThread.RunAsync(() => NewTouched(bytes));
    }

    private static ArenaSegment NewTouched(long bytes)
    {
        ArenaSegment segment = new(bytes, LineWords * 4);
        segment.TouchAhead(segment.Start);
        return segment;
    }

    private static uint* Align(uint* place, int words) => (uint*)(((ulong)place + (ulong)words * 4 - 1) & ~((ulong)words * 4 - 1));

    private static int Rounded(int words)
    {
        if (words <= ExactWords) return (Math.Max(words, 2) + 1) & ~1;
        int step = 1 << (BitOperations.Log2((uint)words - 1) - 2);
        return (words + step - 1) & -step;
    }

    private static int ClassOf(int size)
    {
        if (size <= ExactWords) return size;
        int log = BitOperations.Log2((uint)size);
        return ExactWords + 4 * (log - 6) + ((size >> (log - 2)) & 3);
    }
}
