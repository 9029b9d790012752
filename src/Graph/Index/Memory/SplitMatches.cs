using System.Runtime.InteropServices;

namespace AuthzGraph.Graph.Index.Memory;

/// <summary>A key and a value of a <see cref="SplitTable"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SplitSlot
{
    public ulong Key;
    public ulong Value;
}

/// <summary>Goes through the values of one key.</summary>
internal unsafe struct SplitMatches
{
    private readonly SplitSlot* _slots;
    private readonly int _mask;
    private readonly ulong _key;
    private int _probe;

    internal SplitMatches(ulong part, ulong key)
    {
        _slots = (SplitSlot*)(part & ~SplitTable.LineMask);
        _mask = (1 << (int)(part & SplitTable.LineMask)) - 1;
        _key = key;
    }

    public ulong Current { get; private set; }

    public bool MoveNext()
    {
        if (_slots == null) return false;
        while (true)
        {
            SplitSlot* slot = _slots + SplitTable.PlaceOf(_key, _probe, _mask);
            ulong key = Volatile.Read(ref slot->Key);
            if (key == 0) return false;
            _probe++;
            if (key != _key) continue;
            Current = Volatile.Read(ref slot->Value);
            return true;
        }
    }
}
