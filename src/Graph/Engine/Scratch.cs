using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>An edge on the path that proves a permit.</summary>
internal readonly record struct WitnessEdge(EdgeTypeId Type, uint Resource, uint Subject, Window Window, uint Caveat);

/// <summary>Which members of which objects a region of a check has seen to be no path: an open-addressing set, emptied by counting up.</summary>
internal sealed class VisitedSet
{
    private (ulong Key, uint Region, uint Stamp)[] _slots = new (ulong, uint, uint)[64];
    private uint _stamp = 1;
    private int _count;

    public void Clear()
    {
        _count = 0;
        if (++_stamp != 0) return;
        Array.Clear(_slots);
        _stamp = 1;
    }

    public bool Contains(uint region, ulong key) => _slots[Place(key, region)].Stamp == _stamp;

    /// <summary>False if it was there.</summary>
    public bool Add(uint region, ulong key)
    {
        if (_count * 2 >= _slots.Length) Grow();
        int i = Place(key, region);
        if (_slots[i].Stamp == _stamp) return false;
        _slots[i] = (key, region, _stamp);
        _count++;
        return true;
    }

    private int Place(ulong key, uint region)
    {
        int mask = _slots.Length - 1;
        int i = (int)((key ^ (ulong)region << 48) * 0x9E3779B97F4A7C15 >> 32) & mask;
        while (_slots[i].Stamp == _stamp && (_slots[i].Key != key || _slots[i].Region != region)) i = (i + 1) & mask;
        return i;
    }

    private void Grow()
    {
        (ulong Key, uint Region, uint Stamp)[] old = _slots;
        _slots = new (ulong, uint, uint)[old.Length * 2];
        foreach ((ulong Key, uint Region, uint Stamp) slot in old)
            if (slot.Stamp == _stamp) _slots[Place(slot.Key, slot.Region)] = slot;
    }
}
