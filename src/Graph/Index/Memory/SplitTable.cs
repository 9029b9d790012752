using System.Runtime.Intrinsics.X86;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index.Memory;

/// <summary>
/// A hash table from evenly spread 64-bit keys, 0 and all ones excepted, to 64-bit values; a key may be there several times.
///
/// <code>
///   directory, by the key's upper bits ──► parts of up to 4,096 slots, by its lower bits ──► key, value
/// </code>
///
/// A part that is full splits in two (extendible hashing), so no insertion moves more than one part. One writer; readers
/// take no lock: a slot's value is stored before its key, a slot that was given up is not used again before its part is rebuilt, and
/// rebuilt parts are published whole.
/// </summary>
internal sealed unsafe class SplitTable(IndexMemory memory)
{
    private const ulong GivenUp = ulong.MaxValue;
    private const int SmallestBits = 2;
    private const int LargestBits = 12;
    internal const ulong LineMask = 63;      // blocks begin at a line, so a pointer's low six bits can carry a logarithm

    private ulong _directory;               // pointer | depth
    private Part?[] _parts = [null];
    private int _depth;

    /// <summary>What the writer knows of a part. Parts less deep than the directory stand in several of its places.</summary>
    private sealed class Part(int depth, int bits)
    {
        public int Depth => depth;
        public int Bits => bits;
        public int Used { get; set; }
        public int Live { get; set; }
    }

    public long Count { get; private set; }

    /// <summary>The values of a key.</summary>
    public SplitMatches Find(ulong key) => new(EntryOf(key), key);

    /// <summary>Has the processor fetch the line where a key would be.</summary>
    public void Prefetch(ulong key)
    {
        ulong part = EntryOf(key);
        if (Sse.IsSupported) Sse.Prefetch0((SplitSlot*)(part & ~LineMask) + ((int)key & (1 << (int)(part & LineMask)) - 1));
    }

    /// <summary>The first value of a key, or false.</summary>
    public bool TryFind(ulong key, out ulong value)
    {
        SplitMatches matches = Find(key);
        bool found = matches.MoveNext();
        value = found ? matches.Current : 0;
        return found;
    }

    /// <summary>Writer only: one more value of a key.</summary>
    public void Add(ulong key, ulong value)
    {
        Part part;
        while (!HasRoom(part = PartOf(key))) Rebuild(key, part);
        Insert(SlotsOf(key, out int mask), mask, key, value);
        part.Used++;
        part.Live++;
        Count++;
    }

    /// <summary>Writer only: another value in place of one that is there.</summary>
    public void Replace(ulong key, ulong value, ulong replacement) => Volatile.Write(ref Locate(key, value)->Value, replacement);

    /// <summary>Writer only: takes a value away.</summary>
    public void Remove(ulong key, ulong value)
    {
        Volatile.Write(ref Locate(key, value)->Key, GivenUp);
        PartOf(key).Live--;
        Count--;
    }

    /// <summary>
    /// Writer only: appends all keys and values of one part, the one with the keys at <paramref name="position"/>, and moves on. False after
    /// the last part.
    /// </summary>
    public bool NextPart(ref ulong position, List<SplitSlot> found)
    {
        if (_directory == 0) return false;
        Part part = PartOf(position);
        SplitSlot* slots = SlotsOf(position, out int mask);
        for (int i = 0; i <= mask; i++)
            if (slots[i].Key is not (0 or GivenUp)) found.Add(slots[i]);
        if (part.Depth == 0) return false;
        ulong width = 1UL << (64 - part.Depth);
        position = (position & ~(width - 1)) + width;
        return position != 0;
    }

    // pointer and bits of the part where a key would be; 0 before the first
    private ulong EntryOf(ulong key)
    {
        ulong directory = Volatile.Read(ref _directory);
        return directory == 0 ? 0 : Volatile.Read(ref ((ulong*)(directory & ~LineMask))[IndexOf(key, (int)(directory & LineMask))]);
    }

    private static int IndexOf(ulong key, int depth) => (int)(key >> 1 >> (63 - depth));

    private static bool HasRoom(Part part) => (part.Used + 1) * 4 <= 3 << part.Bits;

    private Part PartOf(ulong key)
    {
        if (_directory == 0) Start();
        return _parts[IndexOf(key, _depth)] ?? throw new InvariantException("every place of the directory has a part");
    }

    private SplitSlot* SlotsOf(ulong key, out int mask)
    {
        ulong part = EntryOf(key);
        mask = (1 << (int)(part & LineMask)) - 1;
        return (SplitSlot*)(part & ~LineMask);
    }

    private SplitSlot* Locate(ulong key, ulong value)
    {
        SplitSlot* slots = SlotsOf(key, out int mask);
        for (int i = (int)key & mask; ; i = (i + 1) & mask)
        {
            Invariant.That(slots[i].Key != 0);
            if (slots[i].Key == key && slots[i].Value == value) return slots + i;
        }
    }

    private static void Insert(SplitSlot* slots, int mask, ulong key, ulong value)
    {
        int i = (int)key & mask;
        while (slots[i].Key != 0) i = (i + 1) & mask;
        slots[i].Value = value;
        Volatile.Write(ref slots[i].Key, key);
    }

    private void Start()
    {
        var part = new Part(0, SmallestBits);
        ulong* directory = NewDirectory(0);
        directory[0] = NewSlots(part);
        _parts[0] = part;
        Volatile.Write(ref _directory, (ulong)directory);
    }

    private void Rebuild(ulong key, Part part)
    {
        int bits = SmallestBits;
        while (part.Live * 2 + 1 > 1 << bits) bits++;
        if (bits <= LargestBits) Replace(key, part, new Part(part.Depth, bits));
        else Split(key, part);
    }

    private void Replace(ulong key, Part old, Part built)
    {
        SplitSlot* from = SlotsOf(key, out int mask);
        ulong entry = Copy(from, mask, built, static (_, _) => true);
        Publish(key, old.Depth, entry, built);
        memory.Limbo.Retire(memory.Blocks, (uint*)from, Words(old.Bits));
    }

    private void Split(ulong key, Part old)
    {
        if (old.Depth == _depth) DoubleDirectory();
        SplitSlot* from = SlotsOf(key, out int mask);
        int bit = 63 - old.Depth;
        var low = new Part(old.Depth + 1, LargestBits);
        var high = new Part(old.Depth + 1, LargestBits);
        ulong lowEntry = Copy(from, mask, low, (k, b) => (k >> b & 1) == 0, bit);
        ulong highEntry = Copy(from, mask, high, (k, b) => (k >> b & 1) == 1, bit);
        ulong first = key & ~(1UL << bit);
        Publish(first, low.Depth, lowEntry, low);
        Publish(first | 1UL << bit, high.Depth, highEntry, high);
        memory.Limbo.Retire(memory.Blocks, (uint*)from, Words(old.Bits));
    }

    private ulong Copy(SplitSlot* from, int mask, Part to, Func<ulong, int, bool> takes, int bit = 0)
    {
        ulong entry = NewSlots(to);
        SplitSlot* slots = (SplitSlot*)(entry & ~LineMask);
        for (int i = 0; i <= mask; i++)
        {
            if (from[i].Key is 0 or GivenUp || !takes(from[i].Key, bit)) continue;
            Insert(slots, (1 << to.Bits) - 1, from[i].Key, from[i].Value);
            to.Used++;
            to.Live++;
        }
        return entry;
    }

    private void Publish(ulong key, int depth, ulong entry, Part part)
    {
        ulong* directory = (ulong*)(_directory & ~LineMask);
        int span = 1 << (_depth - depth);
        int first = IndexOf(key, _depth) & -span;
        for (int i = first; i < first + span; i++)
        {
            _parts[i] = part;
            Volatile.Write(ref directory[i], entry);
        }
    }

    private void DoubleDirectory()
    {
        ulong* old = (ulong*)(_directory & ~LineMask);
        ulong* grown = NewDirectory(_depth + 1);
        var parts = new Part?[_parts.Length * 2];
        for (int i = 0; i < parts.Length; i++) (grown[i], parts[i]) = (old[i / 2], _parts[i / 2]);
        int words = DirectoryWords(_depth);
        (_parts, _depth) = (parts, _depth + 1);
        Volatile.Write(ref _directory, (ulong)grown | (uint)_depth);
        memory.Limbo.Retire(memory.Blocks, (uint*)old, words);
    }

    private ulong NewSlots(Part part) => (ulong)memory.Blocks.AllocateZeroed(Words(part.Bits)) | (uint)part.Bits;

    private ulong* NewDirectory(int depth) => (ulong*)memory.Blocks.Allocate(DirectoryWords(depth));

    private static int DirectoryWords(int depth) => Math.Max(16, 2 << depth);

    private static int Words(int bits) => 4 << bits;
}
