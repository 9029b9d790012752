using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index;

/// <summary>
/// The object ids of one type and their numbers: dense, from 1, in the order first seen. One writer; readers take no
/// lock: a name is stored before the slot that leads to it, and a grown table is published whole.
/// </summary>
internal sealed class NameTable(string type)
{
    private string[] _names = new string[16];
    private ulong[] _slots = new ulong[32];     // hash in the upper half, number in the lower; 0: free

    public string Type { get; } = type;
    public uint Count { get; private set; }

    /// <summary>What the log calls this type; 0 until the type is first written.</summary>
    public uint LogNumber { get; set; }

    /// <summary>The number of a name; 0 when it was never written.</summary>
    public uint Find(ReadOnlySpan<char> name)
    {
        ulong[] slots = Volatile.Read(ref _slots);
        uint hash = Hash(name);
        int mask = slots.Length - 1;
        for (int i = (int)(hash & mask); ; i = (i + 1) & mask)
        {
            ulong slot = Volatile.Read(ref slots[i]);
            if (slot == 0) return 0;
            uint number = (uint)slot;
            if ((uint)(slot >> 32) == hash && name.SequenceEqual(Volatile.Read(ref _names)[number])) return number;
        }
    }

    /// <summary>The name of a number given out here.</summary>
    public string this[uint number] => Volatile.Read(ref _names)[number];

    /// <summary>Writer only: the number of a name, given out now if it has none.</summary>
    public uint Add(string name, out bool added)
    {
        uint number = Find(name);
        added = number == 0;
        if (!added) return number;
        number = Count + 1;
        Invariant.That(number != 0 && number < EdgeStore.FirstUnknown);
        if (number >= _names.Length) GrowNames();
        _names[number] = name;
        if (number * 2 > _slots.Length) GrowSlots();
        Insert(_slots, Hash(name), number);
        Count = number;
        return number;
    }

    private void GrowNames()
    {
        var grown = new string[_names.Length * 2];
        _names.CopyTo(grown, 0);
        Volatile.Write(ref _names, grown);
    }

    private void GrowSlots()
    {
        var grown = new ulong[_slots.Length * 2];
        foreach (ulong slot in _slots)
            if (slot != 0) Insert(grown, (uint)(slot >> 32), (uint)slot);
        Volatile.Write(ref _slots, grown);
    }

    private static void Insert(ulong[] slots, uint hash, uint number)
    {
        int mask = slots.Length - 1;
        int i = (int)(hash & mask);
        while (slots[i] != 0) i = (i + 1) & mask;
        Volatile.Write(ref slots[i], (ulong)hash << 32 | number);
    }

    // keyed per process, so nobody can choose names that collide
    private static uint Hash(ReadOnlySpan<char> name) => (uint)string.GetHashCode(name);
}
