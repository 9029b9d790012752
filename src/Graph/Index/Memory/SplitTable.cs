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
/// A part stands in a run of the directory's places. Where one is full, what it and its neighbour hold is spread evenly over as many parts as it takes,
/// mostly one more. So a large table is two thirds full, and no insertion moves more than two parts. One writer; readers
/// take no lock: a slot's value is stored before its key, a slot that was given up is not used again before its part is rebuilt, and
/// rebuilt parts are published whole.
/// </summary>
internal sealed unsafe class SplitTable(IndexMemory memory)
{
    private const ulong GivenUp = ulong.MaxValue;
    private const int SmallestBits = 2;
    private const int LargestBits = 12;
    private const int PlacesPerPart = 8;     // at least, so that runs can be cut evenly
    internal const ulong LineMask = 63;      // blocks begin at a line, so a pointer's low six bits can carry a logarithm

    private ulong _directory;               // pointer | depth
    private Part?[] _parts = [null];
    private int _depth;

    /// <summary>What the writer knows of a part: which places of the directory it has, and where its slots are.</summary>
    private sealed class Part(int first, int end, int bits, ulong entry)
    {
        public int First { get; set; } = first;
        public int End { get; set; } = end;
        public int Bits => bits;
        public ulong Entry => entry;
        public int Used { get; set; }
        public int Live { get; set; }
        public bool HasRoom => (Used + 1) * 8 <= 7 << bits;
        public bool IsNearlyEmpty => bits > SmallestBits && Live * 6 < 1 << bits;
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
        for (int more = 0; !(part = PartOf(key)).HasRoom; more++) Rebuild(part, more);
        Insert(part, key, value);
        Count++;
    }

    /// <summary>Writer only: another value in place of one that is there.</summary>
    public void Replace(ulong key, ulong value, ulong replacement) => Volatile.Write(ref Locate(key, value)->Value, replacement);

    /// <summary>Writer only: takes a value away.</summary>
    public void Remove(ulong key, ulong value)
    {
        Volatile.Write(ref Locate(key, value)->Key, GivenUp);
        Part part = PartOf(key);
        part.Live--;
        Count--;
        if (part.IsNearlyEmpty) Rebuild(part, 0);
    }

    /// <summary>
    /// Writer only: appends all keys, from <paramref name="position"/> on, and values of the part where that is, and moves on. False after
    /// the last part.
    /// </summary>
    public bool NextPart(ref ulong position, List<SplitSlot> found)
    {
        if (_directory == 0) return false;
        Part part = PartOf(position);
        foreach (SplitSlot slot in SlotsOf(part))
            if (slot.Key is not (0 or GivenUp) && slot.Key >= position) found.Add(slot);
        if (part.End == _parts.Length) return false;
        position = (ulong)part.End << (64 - _depth);
        return true;
    }

    // pointer and bits of the part where a key would be; 0 before the first
    private ulong EntryOf(ulong key)
    {
        ulong directory = Volatile.Read(ref _directory);
        return directory == 0 ? 0 : Volatile.Read(ref ((ulong*)(directory & ~LineMask))[IndexOf(key, (int)(directory & LineMask))]);
    }

    private static int IndexOf(ulong key, int depth) => (int)(key >> 1 >> (63 - depth));

    private Part PartOf(ulong key)
    {
        if (_directory == 0) Start();
        return PartAt(IndexOf(key, _depth));
    }

    private Part PartAt(int place) => _parts[place] ?? throw new InvariantException("every place of the directory has a part");

    private static Span<SplitSlot> SlotsOf(Part part) => new((SplitSlot*)(part.Entry & ~LineMask), 1 << part.Bits);

    private SplitSlot* Locate(ulong key, ulong value)
    {
        Part part = PartOf(key);
        var slots = (SplitSlot*)(part.Entry & ~LineMask);
        int mask = (1 << part.Bits) - 1;
        for (int i = (int)key & mask; ; i = (i + 1) & mask)
        {
            Invariant.That(slots[i].Key != 0);
            if (slots[i].Key == key && slots[i].Value == value) return slots + i;
        }
    }

    private static void Insert(Part part, ulong key, ulong value)
    {
        var slots = (SplitSlot*)(part.Entry & ~LineMask);
        int mask = (1 << part.Bits) - 1;
        int i = (int)key & mask;
        while (slots[i].Key != 0) i = (i + 1) & mask;
        slots[i].Value = value;
        Volatile.Write(ref slots[i].Key, key);
        part.Used++;
        part.Live++;
    }

    private void Start()
    {
        Part part = NewPart(0, 1, SmallestBits);
        ulong* directory = NewDirectory(0);
        (directory[0], _parts[0]) = (part.Entry, part);
        Volatile.Write(ref _directory, (ulong)directory);
    }

    /// <summary>Makes room in a part, or gives up room that it does not need.</summary>
    /// <param name="more">How often that was tried and did not help.</param>
    private void Rebuild(Part part, int more)
    {
        int bits = SmallestBits;
        while ((part.Live + 1) * 4 > 3 << bits) bits++;
        if (bits <= LargestBits) Spread(part.First, part.End, 1, bits);
        else Regroup(part, more);
    }

    private void Regroup(Part full, int more)
    {
        (int first, int end, int live) = (full.First, full.End, full.Live);
        if (_parts.Length > end - first)
        {
            Part next = PartAt(end < _parts.Length ? end : first - 1);
            (first, end, live) = (Math.Min(first, next.First), Math.Max(end, next.End), live + next.Live);
        }
        int wanted = live * 10 / (7 << LargestBits) + 1 + more;
        for (; end - first < wanted * PlacesPerPart; (first, end) = (first * 2, end * 2)) DoubleDirectory();
        Spread(first, end, wanted, LargestBits);
    }

    /// <summary>Spreads what is in a run of places over so many new parts.</summary>
    private void Spread(int first, int end, int count, int bits)
    {
        int span = end - first;
        var built = new Part[count];
        var at = new Part[span];
        for (int i = 0, from = 0; i < count; i++)
        {
            int to = (i + 1) * span / count;
            built[i] = NewPart(first + from, first + to, bits);
            at.AsSpan(from..to).Fill(built[i]);
            from = to;
        }
        List<Part> old = PartsOf(first, end);
        foreach (Part part in old)
            foreach (ref readonly SplitSlot slot in SlotsOf(part))
                if (slot.Key is not (0 or GivenUp)) Insert(at[IndexOf(slot.Key, _depth) - first], slot.Key, slot.Value);
        foreach (Part part in built) Publish(part);
        foreach (Part part in old) memory.Limbo.Retire(memory.Blocks, (uint*)(part.Entry & ~LineMask), Words(part.Bits));
    }

    private List<Part> PartsOf(int first, int end)
    {
        var parts = new List<Part>();
        for (int place = first; place < end; place = PartAt(place).End) parts.Add(PartAt(place));
        return parts;
    }

    private void Publish(Part part)
    {
        ulong* directory = (ulong*)(_directory & ~LineMask);
        for (int place = part.First; place < part.End; place++)
        {
            _parts[place] = part;
            Volatile.Write(ref directory[place], part.Entry);
        }
    }

    private void DoubleDirectory()
    {
        ulong* old = (ulong*)(_directory & ~LineMask);
        ulong* grown = NewDirectory(_depth + 1);
        var parts = new Part?[_parts.Length * 2];
        for (int i = 0; i < parts.Length; i++) (grown[i], parts[i]) = (old[i / 2], _parts[i / 2]);
        foreach (Part part in PartsOf(0, _parts.Length)) (part.First, part.End) = (part.First * 2, part.End * 2);
        int words = DirectoryWords(_depth);
        (_parts, _depth) = (parts, _depth + 1);
        Volatile.Write(ref _directory, (ulong)grown | (uint)_depth);
        memory.Limbo.Retire(memory.Blocks, (uint*)old, words);
    }

    private Part NewPart(int first, int end, int bits) =>
        new(first, end, bits, (ulong)memory.Blocks.AllocateZeroed(Words(bits)) | (uint)bits);

    private ulong* NewDirectory(int depth) => (ulong*)memory.Blocks.Allocate(DirectoryWords(depth));

    private static int DirectoryWords(int depth) => Math.Max(16, 2 << depth);

    private static int Words(int bits) => 4 << bits;
}
