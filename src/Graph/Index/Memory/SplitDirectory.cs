using System.Runtime.Intrinsics.X86;

namespace AuthzGraph.Graph.Index.Memory;

/// <summary>
/// Where each part of a <see cref="SplitTable"/> is: places by the upper bits of a key, each with the part that has the run of places around it. When
/// there are to be twice as many, the new ones are filled some at a time while the old ones are read; readers meet them once all are filled.
/// </summary>
internal unsafe struct SplitDirectory(IndexMemory memory)
{
    private const int PlacesAtOnce = 4096;

    private ulong _places;      // pointer | depth, the logarithm of how many; 0 before the first part
    private ulong* _doubled;    // null if none is being made
    private int _filled;        // how many of the old places are in it

    public readonly bool IsEmpty => _places == 0;

    /// <summary>Writer only: how many places there are.</summary>
    public readonly int Count => 1 << Depth;

    /// <summary>Writer only: whether it is becoming twice as large.</summary>
    public readonly bool IsDoubling => _doubled != null;

    private readonly int Depth => (int)(_places & SplitTable.LineMask);

    private readonly ulong* Places => (ulong*)(_places & ~SplitTable.LineMask);

    /// <summary>The entry of the part where a key would be; 0 before the first.</summary>
    public ulong EntryOf(ulong key)
    {
        ulong places = Volatile.Read(ref _places);
        return places == 0 ? 0 : Volatile.Read(ref ((ulong*)(places & ~SplitTable.LineMask))[IndexOf(key, (int)(places & SplitTable.LineMask))]);
    }

    /// <summary>Has the processor fetch what tells the part where a key would be.</summary>
    public void Prefetch(ulong key)
    {
        ulong places = Volatile.Read(ref _places);
        if (Sse.IsSupported) Sse.Prefetch0((ulong*)(places & ~SplitTable.LineMask) + IndexOf(key, (int)(places & SplitTable.LineMask)));
    }

    /// <summary>Writer only: the place of a key.</summary>
    public readonly int PlaceOf(ulong key) => IndexOf(key, Depth);

    /// <summary>Writer only: the least key of a place, which is not the first.</summary>
    public readonly ulong KeyOf(int place) => (ulong)place << (64 - Depth);

    /// <summary>Writer only: the part that has a place.</summary>
    public readonly SplitPart PartAt(int place) => new(Places[place]);

    /// <summary>Writer only: the run of places that a part has, by one of them.</summary>
    public readonly (int First, int End) RunAt(int place)
    {
        (int first, int end) = (place, place + 1);
        while (first > 0 && Places[first - 1] == Places[place]) first--;
        while (end < Count && Places[end] == Places[place]) end++;
        return (first, end);
    }

    /// <summary>Writer only: the first part, which has all places.</summary>
    public void Start(SplitPart part)
    {
        ulong* places = New(depth: 0);
        places[0] = part.Entry;
        Volatile.Write(ref _places, (ulong)places);
    }

    /// <summary>Writer only: a place has another part from now on.</summary>
    public readonly void Publish(SplitPart part, int place)
    {
        Volatile.Write(ref Places[place], part.Entry);
        if (place < _filled) _doubled[2 * place] = _doubled[2 * place + 1] = part.Entry;
    }

    /// <summary>Writer only: makes there be twice as many places, whatever it takes.</summary>
    public void Double()
    {
        int count = Count;
        while (Count == count) DoubleSome();
    }

    /// <summary>Writer only: a step towards twice as many places.</summary>
    public void DoubleSome()
    {
        if (_doubled == null)
        {
            _doubled = New(Depth + 1);
            if (Count > PlacesAtOnce) return;       // until the next step others may touch its memory
        }
        int until = Math.Min(Count, _filled + PlacesAtOnce);
        for (; _filled < until; _filled++) _doubled[2 * _filled] = _doubled[2 * _filled + 1] = Places[_filled];
        if (_filled < Count) return;
        ulong* old = Places;
        int words = Words(Depth);
        Volatile.Write(ref _places, (ulong)_doubled | (uint)(Depth + 1));
        _doubled = null;
        _filled = 0;
        memory.Limbo.Retire(memory.Blocks, (uint*)old, words);
    }

    private static int IndexOf(ulong key, int depth) => (int)(key >> 1 >> (63 - depth));

    private readonly ulong* New(int depth) => (ulong*)memory.Blocks.Allocate(Words(depth));

    private static int Words(int depth) => Math.Max(16, 2 << depth);
}
