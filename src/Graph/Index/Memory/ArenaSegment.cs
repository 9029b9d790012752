using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index.Memory;

/// <summary>
/// One pinned array of a <see cref="BlockArena"/>. Memory that the system has promised comes into being when it is first touched: a page of 2 MiB
/// may take five milliseconds then, on a machine that is itself a guest. So other threads touch it before the writer gets there.
/// </summary>
internal sealed unsafe class ArenaSegment
{
    /// <summary>Every segment lies below this address, so that 45 bits name a multiple of 8 bytes.</summary>
    private const ulong AddressLimit = 1UL << 48;

    /// <summary>Smaller segments are not touched ahead: there are few pages in them, and small stores have no larger ones.</summary>
    public const int LeastBytesTouched = 4 << 20;

    private const int MostBytesAhead = 8 << 20;

    private readonly ulong[] _array;
    private readonly byte* _end;
    private readonly int _ahead;
    private byte* _touched;

    /// <param name="readable">How many bytes behind the last block may be read.</param>
    public ArenaSegment(long bytes, int readable)
    {
        Bytes = bytes;
        // a large one begins where a huge page does, so that all of it can be in such pages; nobody touches what lies before, so that takes no memory
        int alignment = bytes < LeastBytesTouched ? sizeof(ulong) : HugePages.PageBytes;
        _array = GC.AllocateUninitializedArray<ulong>(checked((int)((bytes + alignment) / sizeof(ulong)) - 1), pinned: true);
        fixed (ulong* first = _array) Start = (byte*)(((nint)first + alignment - 1) & -alignment);
        Invariant.That((ulong)Start + (ulong)bytes < AddressLimit);
        Huge = HugePages.Advise((nint)Start, (ulong)bytes);
        _end = Start + bytes - readable;
        _ahead = bytes < LeastBytesTouched ? 0 : (int)Math.Min(MostBytesAhead, bytes / 4);
        _touched = Start;
    }

    public long Bytes { get; }

    /// <summary>How much of it the system agreed to back with huge pages.</summary>
    public long Huge { get; }

    public byte* Start { get; }

    /// <summary>Behind the last block.</summary>
    public byte* End => _end;

    /// <summary>Has memory touched, if it is the writer's turn soon. Returns from where on it is to be called again; null: all of it is touched.</summary>
    /// <param name="next">The writer has used all before.</param>
    public byte* TouchAhead(byte* next)
    {
        if (_ahead == 0) return null;
        byte* from = _touched;
        byte* to = _end - next < _ahead ? _end : next + _ahead;
        _touched = to;
        if (to > from) ThreadPool.UnsafeQueueUserWorkItem(static range => range.Segment.Touch(range.From, range.To), (Segment: this, From: (nint)from, To: (nint)to), preferLocal: false);
        return to == _end ? null : to - _ahead / 2;
    }

    private void Touch(nint from, nint to)
    {
        HugePages.Populate(from, to);
        GC.KeepAlive(_array);
    }
}
