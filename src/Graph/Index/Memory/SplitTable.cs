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
/// mostly one more. So a large table is two thirds full, and no insertion moves more than two parts and a step of the directory's growth. A key is in
/// its home line, or, where that was full, in one of those behind: most are found in the first line. One writer; readers take no lock:
/// a slot's value is stored before its key, a slot that was given up is not used again before its part is rebuilt, and
/// rebuilt parts are published whole.
/// </summary>
internal sealed class SplitTable(IndexMemory memory)
{
    private const int PlacesPerPart = 8;        // at least, so that runs can be cut evenly
    private const int PlentyPerPart = 12;       // with fewer it is time to have more: a while later there would not be enough
    internal const ulong LineMask = 63;         // blocks begin at a line, so a pointer's low six bits can carry a logarithm
    private const int LineSlots = 4;

    private SplitDirectory _directory = new(memory);

    public long Count { get; private set; }

    /// <summary>The values of a key.</summary>
    public SplitMatches Find(ulong key) => new(_directory.EntryOf(key), key);

    /// <summary>Has the processor fetch what tells the part where a key would be.</summary>
    public void PrefetchPart(ulong key) => _directory.Prefetch(key);

    /// <summary>Once that is there: the line where a key would be.</summary>
    public unsafe void Prefetch(ulong key)
    {
        ulong part = _directory.EntryOf(key);
        if (Sse.IsSupported) Sse.Prefetch0((SplitSlot*)(part & ~LineMask) + ((int)key & (1 << (int)(part & LineMask)) - 1));
    }

    /// <summary>Where in a part to look for a key: from its own place through all of that line, then through those behind.</summary>
    /// <param name="mask">How many slots the part has, less one.</param>
    internal static int PlaceOf(ulong key, int probe, int mask) =>
        (((int)key & -LineSlots) + (probe & -LineSlots) & mask) | ((int)key + probe & LineSlots - 1);

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
        if (_directory.IsEmpty) _directory.Start(SplitPart.New(memory, SplitPart.SmallestBits));
        SplitPart part;
        for (int more = 0; !(part = PartOf(key)).HasRoom; more++) Rebuild(part, key, more);
        part.Insert(key, value);
        Count++;
    }

    /// <summary>Writer only: another value in place of one that is there.</summary>
    public void Replace(ulong key, ulong value, ulong replacement) => Volatile.Write(ref PartOf(key).Locate(key, value).Value, replacement);

    /// <summary>Writer only: takes a value away.</summary>
    public void Remove(ulong key, ulong value)
    {
        SplitPart part = PartOf(key);
        part.Remove(key, value);
        Count--;
        if (part.IsNearlyEmpty) Rebuild(part, key, 0);
    }

    /// <summary>
    /// Writer only: appends all keys, from <paramref name="position"/> on, and values of the part where that is, and moves on. False after
    /// the last part.
    /// </summary>
    public bool NextPart(ref ulong position, List<SplitSlot> found)
    {
        if (_directory.IsEmpty) return false;
        foreach (SplitSlot slot in PartOf(position).Slots)
            if (slot.Key is not (0 or SplitPart.GivenUp) && slot.Key >= position) found.Add(slot);
        int end = _directory.RunAt(_directory.PlaceOf(position)).End;
        if (end == _directory.Count) return false;
        position = _directory.KeyOf(end);
        return true;
    }

    private SplitPart PartOf(ulong key) => new(_directory.EntryOf(key));

    /// <summary>Makes room in a part, or gives up room that it does not need.</summary>
    /// <param name="key">One that has its place there.</param>
    /// <param name="more">How often that was tried and did not help.</param>
    private void Rebuild(SplitPart part, ulong key, int more)
    {
        int bits = SplitPart.SmallestBits;
        while ((part.Live + 1) * 4 > 3 << bits) bits++;
        if (bits > SplitPart.LargestBits) Regroup(key, more);
        else
        {
            (int first, int end) = _directory.RunAt(_directory.PlaceOf(key));
            Spread(first, end, 1, bits);
        }
    }

    private void Regroup(ulong key, int more)
    {
        if (_directory.IsDoubling) _directory.DoubleSome();
        (int first, int end, int live) = WithNeighbour(_directory.PlaceOf(key));
        int wanted = live * 10 / (7 << SplitPart.LargestBits) + 1 + more;
        for (; end - first < wanted * PlacesPerPart; (first, end) = (first * 2, end * 2)) _directory.Double();
        Spread(first, end, wanted, SplitPart.LargestBits);
        if (end - first < wanted * PlentyPerPart && !_directory.IsDoubling) _directory.DoubleSome();
    }

    /// <summary>The run of places of a part and the one beside it, if there is one, and how much the two hold.</summary>
    private (int First, int End, int Live) WithNeighbour(int place)
    {
        (int first, int end) = _directory.RunAt(place);
        int live = _directory.PartAt(place).Live;
        if (end - first == _directory.Count) return (first, end, live);
        int beside = end < _directory.Count ? end : first - 1;
        (int otherFirst, int otherEnd) = _directory.RunAt(beside);
        return (Math.Min(first, otherFirst), Math.Max(end, otherEnd), live + _directory.PartAt(beside).Live);
    }

    /// <summary>Spreads what is in a run of places over so many new parts.</summary>
    private void Spread(int first, int end, int count, int bits)
    {
        int span = end - first;
        var at = new SplitPart[span];
        for (int i = 0; i < count; i++) at.AsSpan((i * span / count)..((i + 1) * span / count)).Fill(SplitPart.New(memory, bits));
        List<SplitPart> old = PartsOf(first, end);
        foreach (SplitPart part in old)
            foreach (ref readonly SplitSlot slot in part.Slots)
                if (slot.Key is not (0 or SplitPart.GivenUp)) at[_directory.PlaceOf(slot.Key) - first].Insert(slot.Key, slot.Value);
        for (int i = 0; i < span; i++) _directory.Publish(at[i], first + i);
        foreach (SplitPart part in old) part.Retire(memory);
    }

    private List<SplitPart> PartsOf(int first, int end)
    {
        var parts = new List<SplitPart>();
        for (int place = first; place < end; place = _directory.RunAt(place).End) parts.Add(_directory.PartAt(place));
        return parts;
    }
}
