using System.Numerics;

namespace AuthzGraph.Graph.Index.Memory;

/// <summary>
/// An array that grows by pages and so never stops its writer for long; the first page starts small. Grown pages and tables are
/// published whole: a reader of an old one misses only what is newer than what it looks for. New items are zero.
/// </summary>
internal sealed unsafe class PagedArray<T>(IndexMemory memory) where T : unmanaged
{
    private const int PageBits = 12;
    private const int PageLength = 1 << PageBits;
    private const int SmallestLength = 16;
    private const int SmallestTable = 8;

    private nint _pages;        // T**
    private int _tableLength;

    /// <summary>How many items have a place.</summary>
    public uint Length { get; private set; }

    /// <summary>An item below <see cref="Length"/>, as the caller knows.</summary>
    public ref T this[uint index] => ref ((T**)Volatile.Read(ref _pages))[index >> PageBits][index & (PageLength - 1)];

    /// <summary>Writer only: gives an item its place.</summary>
    public void Reach(uint index)
    {
        while (index >= Length)
            if (Length < PageLength) GrowFirst(index);
            else AddPage();
    }

    private void GrowFirst(uint index)
    {
        int length = Math.Min(PageLength, Math.Max(SmallestLength, (int)Math.Min(PageLength, BitOperations.RoundUpToPowerOf2((ulong)index + 1))));
        T* grown = NewPage(length);
        T* old = _tableLength == 0 ? null : ((T**)_pages)[0];
        new ReadOnlySpan<T>(old, (int)Length).CopyTo(new Span<T>(grown, length));
        if (_tableLength == 0) GrowTable();
        Volatile.Write(ref *(nint*)_pages, (nint)grown);
        if (old != null) memory.Limbo.Retire(memory.Blocks, (uint*)old, Words((int)Length));
        Length = (uint)length;
    }

    private void AddPage()
    {
        int page = (int)(Length >> PageBits);
        if (page == _tableLength) GrowTable();
        Volatile.Write(ref ((nint*)_pages)[page], (nint)NewPage(PageLength));
        Length += PageLength;
    }

    private void GrowTable()
    {
        int length = Math.Max(SmallestTable, _tableLength * 2);
        nint grown = (nint)memory.Blocks.AllocateZeroed(length * 2);
        new ReadOnlySpan<nint>((void*)_pages, _tableLength).CopyTo(new Span<nint>((void*)grown, length));
        nint old = _pages;
        Volatile.Write(ref _pages, grown);
        if (old != 0) memory.Limbo.Retire(memory.Blocks, (uint*)old, _tableLength * 2);
        _tableLength = length;
    }

    private T* NewPage(int length) => (T*)memory.Blocks.AllocateZeroed(Words(length));

    private static int Words(int length) => (length * sizeof(T) + 3) / 4;
}
