using System.Numerics;
using System.Runtime.Intrinsics.X86;
using AuthzGraph.Graph.Index.Memory;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// From each object the list of objects it has edges to, in one direction.
///
/// Numbers are dense, so the directory is an array of descriptors, in pages of 65,536 numbers. A page is <b>dense</b>, as long as
/// its greatest number needs, or, where few of the numbers have a list, <b>hashed</b>: number and descriptor in 16 bytes. Each page takes the
/// smaller form whenever it grows. One writer; readers take no lock: pages and tables are published whole.
/// </summary>
internal sealed unsafe class Adjacency(IndexMemory memory)
{
    private const int PageBits = 16;
    private const uint PageMask = (1 << PageBits) - 1;
    private const int SmallestBits = 3;
    private const ulong BitsMask = 31;      // pages begin at a line: the low bits of a pointer say size and form
    private const ulong Hashed = 32;
    private const ulong FlagsMask = 63;

    private readonly EdgeListWriter _lists = new(memory, new EdgeBlocks(memory));
    private nint _table;                    // ulong*: its length, then pages
    private Page[] _pages = [];

    /// <summary>What the writer knows of a page: slots taken in a hashed one.</summary>
    private record struct Page(int Used);

    /// <summary>No object from here on has a list.</summary>
    public uint End => (uint)Math.Min((ulong)_pages.Length << PageBits, (ulong)EdgeCode.MaxNumber + 1);

    /// <summary>The list of an object; 0 if it has none.</summary>
    public ulong List(uint from)
    {
        ulong page = PageOf(from);
        uint n = from & PageMask;
        if (page == 0) return 0;
        if ((page & Hashed) != 0) return ListInHashed(page, n);
        return n >> (int)(page & BitsMask) == 0 ? Volatile.Read(ref ((ulong*)(page & ~FlagsMask))[n]) : 0;
    }

    /// <summary>How the list of an object says an edge, or false if it does not.</summary>
    public bool TryFind(uint from, uint to, out uint word)
    {
        word = 0;
        return to <= EdgeCode.MaxNumber && EdgeList.TryFind(List(from), EdgeCode.Word(to), out word);
    }

    /// <summary>Has the processor fetch where the list of an object is told.</summary>
    public void Prefetch(uint from)
    {
        ulong page = PageOf(from);
        if (page == 0 || !Sse.IsSupported) return;
        ulong* slots = (ulong*)(page & ~FlagsMask);
        uint n = from & PageMask;
        uint last = (1u << (int)(page & BitsMask)) - 1;
        if ((page & Hashed) != 0) Sse.Prefetch0(slots + 2 * (Scatter(n) & last));
        else if (n <= last) Sse.Prefetch0(slots + n);
    }

    private static ulong ListInHashed(ulong page, uint n)
    {
        ulong* place = Find(page, n);
        return place == null ? 0 : Volatile.Read(ref *place);
    }

    /// <summary>Writer only: an edge that is not there yet.</summary>
    public void Add(uint from, uint word)
    {
        ulong* place = Reach(from);
        Volatile.Write(ref *place, _lists.Add(*place, word));
    }

    /// <summary>Writer only: takes an edge away.</summary>
    public void Remove(uint from, uint word)
    {
        ulong* place = Find(PageOf(from), from & PageMask);
        Volatile.Write(ref *place, _lists.Remove(*place, word & ~EdgeCode.Flags));
    }

    /// <summary>Writer only: gives an edge the flags of a word, in place.</summary>
    public void SetFlags(uint from, uint word)
    {
        ulong* list = Find(PageOf(from), from & PageMask);
        if (EdgeList.KindOf(*list) == EdgeList.Kind.Single) Volatile.Write(ref *list, EdgeList.Single(word));
        else Volatile.Write(ref *EdgeList.Place(*list, word & ~EdgeCode.Flags), word);
    }

    /// <summary>
    /// Appends, in ascending order, the numbers from <paramref name="from"/> on that have a list, to the end of its page, and returns
    /// where to go on; <see cref="End"/> or more when that was the last page.
    /// </summary>
    public uint NextPage(uint from, List<uint> numbers)
    {
        ulong page = PageOf(from);
        uint first = from & ~PageMask;
        int before = numbers.Count;
        ulong* slots = (ulong*)(page & ~FlagsMask);
        int length = page == 0 ? 0 : 1 << (int)(page & BitsMask);
        bool hashed = (page & Hashed) != 0;
        for (uint i = 0; i < length; i++)
        {
            ulong list = Volatile.Read(ref slots[hashed ? 2 * i + 1 : i]);
            uint number = first + (hashed ? (uint)slots[2 * i] - 1 : i);
            if (list != 0 && number >= from) numbers.Add(number);
        }
        if (hashed) numbers.Sort(before, numbers.Count - before, null);
        return first + PageMask + 1;
    }

    private ulong PageOf(uint number)
    {
        ulong* table = (ulong*)Volatile.Read(ref _table);
        uint page = number >> PageBits;
        return table == null || page >= table[0] ? 0 : Volatile.Read(ref table[page + 1]);
    }

    /// <summary>Where a page keeps the descriptor of its n-th number; null if it has no room for it.</summary>
    private static ulong* Find(ulong page, uint n)
    {
        ulong* slots = (ulong*)(page & ~FlagsMask);
        uint length = 1u << (int)(page & BitsMask);
        if ((page & Hashed) == 0) return n < length ? slots + n : null;
        for (uint i = Scatter(n) & (length - 1); ; i = (i + 1) & (length - 1))
        {
            ulong key = Volatile.Read(ref slots[2 * i]);
            if (key == n + 1) return slots + 2 * i + 1;
            if (key == 0) return null;
        }
    }

    private static uint Scatter(uint n) => n * 0x9E37_79B1 >> 16;

    private ulong* Reach(uint from)
    {
        int index = (int)(from >> PageBits);
        if (index >= _pages.Length) GrowTable(index);
        ref ulong page = ref ((ulong*)_table)[index + 1];
        uint n = from & PageMask;
        ulong* place = page == 0 ? null : Find(page, n);
        if (place != null) return place;
        bool hasRoom = (page & Hashed) != 0 && (_pages[index].Used + 1) * 4 <= 3 << (int)(page & BitsMask);
        if (!hasRoom) Rebuild(ref page, index, n);
        return (page & Hashed) != 0 ? InsertSlot(page, index, n) : Find(page, n);
    }

    private ulong* InsertSlot(ulong page, int index, uint n)
    {
        ulong* slots = (ulong*)(page & ~FlagsMask);
        uint mask = (1u << (int)(page & BitsMask)) - 1;
        uint i = Scatter(n) & mask;
        while (slots[2 * i] != 0) i = (i + 1) & mask;
        _pages[index].Used++;
        Volatile.Write(ref slots[2 * i], n + 1);
        return slots + 2 * i + 1;
    }

    private void Rebuild(ref ulong page, int index, uint more)
    {
        ulong old = page;
        int count = 1;
        uint greatest = more;
        for (uint i = 0; i < SlotsOf(old); i++)
        {
            if (!TryItem(old, i, out uint n, out _)) continue;
            greatest = Math.Max(greatest, n);
            count++;
        }
        int denseBits = Math.Max(SmallestBits, 32 - BitOperations.LeadingZeroCount(greatest));
        int hashBits = Math.Max(SmallestBits - 1, 32 - BitOperations.LeadingZeroCount((uint)(count * 3 / 2)));
        bool hashed = hashBits + 1 < denseBits;
        int bits = hashed ? hashBits : denseBits;
        ulong built = (ulong)memory.Blocks.AllocateZeroed(hashed ? 4 << bits : 2 << bits) | (uint)bits | (hashed ? Hashed : 0);
        _pages[index].Used = 0;
        for (uint i = 0; i < SlotsOf(old); i++)
            if (TryItem(old, i, out uint n, out ulong list)) *(hashed ? InsertSlot(built, index, n) : Find(built, n)) = list;
        Volatile.Write(ref page, built);
        if (old != 0) memory.Limbo.Retire(memory.Blocks, (uint*)(old & ~FlagsMask), ((old & Hashed) != 0 ? 4 : 2) << (int)(old & BitsMask));
    }

    private static uint SlotsOf(ulong page) => page == 0 ? 0 : 1u << (int)(page & BitsMask);

    /// <summary>What a slot of a page holds; false for nothing.</summary>
    private static bool TryItem(ulong page, uint slot, out uint n, out ulong list)
    {
        ulong* slots = (ulong*)(page & ~FlagsMask);
        bool hashed = (page & Hashed) != 0;
        list = slots[hashed ? 2 * slot + 1 : slot];
        n = hashed ? (uint)slots[2 * slot] - 1 : slot;
        return list != 0;
    }

    private void GrowTable(int index)
    {
        int length = (int)BitOperations.RoundUpToPowerOf2((uint)index + 1);
        ulong* old = (ulong*)_table;
        ulong* grown = (ulong*)memory.Blocks.AllocateZeroed(2 * (length + 1));
        for (int i = 1; i <= _pages.Length; i++) grown[i] = old[i];
        grown[0] = (ulong)length;
        int words = 2 * (_pages.Length + 1);
        Array.Resize(ref _pages, length);
        Volatile.Write(ref _table, (nint)grown);
        if (old != null) memory.Limbo.Retire(memory.Blocks, (uint*)old, words);
    }
}
