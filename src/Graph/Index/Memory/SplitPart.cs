using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index.Memory;

/// <summary>
/// One part of a <see cref="SplitTable"/> as its writer sees it: slots by the lower bits of their keys, found line by line. The first slot has
/// a key that nobody looks for, and for a value what the writer keeps of the part.
/// </summary>
/// <param name="entry">As the directory holds it: pointer to the slots, logarithm of how many there are.</param>
internal readonly unsafe struct SplitPart(ulong entry)
{
    /// <summary>The key of a slot that holds nothing any more, and that of the first.</summary>
    public const ulong GivenUp = ulong.MaxValue;

    public const int SmallestBits = 2;
    public const int LargestBits = 12;

    /// <summary>A part with nothing in it.</summary>
    public static SplitPart New(IndexMemory memory, int bits)
    {
        var part = new SplitPart((ulong)memory.Blocks.AllocateZeroed(Words(bits)) | (uint)bits);
        part.First->Key = GivenUp;
        part.Used = part.Held = 1;
        return part;
    }

    public ulong Entry => entry;

    public Span<SplitSlot> Slots => new(First, 1 << Bits);

    /// <summary>How many slots hold something, the first included.</summary>
    public int Live => (int)Held;

    public bool HasRoom => (Used + 1) * 8 <= 7u << Bits;

    public bool IsNearlyEmpty => Bits > SmallestBits && Held * 6 < 1u << Bits;

    private int Bits => (int)(entry & SplitTable.LineMask);

    private SplitSlot* First => (SplitSlot*)(entry & ~SplitTable.LineMask);

    // those that were given up included
    private ref uint Used => ref ((uint*)&First->Value)[0];

    private ref uint Held => ref ((uint*)&First->Value)[1];

    /// <summary>One more value of a key; there is room.</summary>
    public void Insert(ulong key, ulong value)
    {
        SplitSlot* slots = First;
        int mask = (1 << Bits) - 1;
        SplitSlot* slot = slots + SplitTable.PlaceOf(key, 0, mask);
        for (int probe = 1; slot->Key != 0; probe++)
        {
            Invariant.That(probe <= mask);      // a part whose every slot was taken would be searched for ever
            slot = slots + SplitTable.PlaceOf(key, probe, mask);
        }
        slot->Value = value;
        Volatile.Write(ref slot->Key, key);
        Used++;
        Held++;
    }

    /// <summary>Takes away a value of a key that is there.</summary>
    public void Remove(ulong key, ulong value)
    {
        Volatile.Write(ref Locate(key, value).Key, GivenUp);
        Held--;
    }

    /// <summary>The slot with a value of a key that is there.</summary>
    public ref SplitSlot Locate(ulong key, ulong value)
    {
        SplitSlot* slots = First;
        int mask = (1 << Bits) - 1;
        for (int probe = 0; ; probe++)
        {
            SplitSlot* slot = slots + SplitTable.PlaceOf(key, probe, mask);
            Invariant.That(slot->Key != 0);
            if (slot->Key == key && slot->Value == value) return ref *slot;
        }
    }

    /// <summary>Nothing leads to it any more.</summary>
    public void Retire(IndexMemory memory) => memory.Limbo.Retire(memory.Blocks, (uint*)First, Words(Bits));

    private static int Words(int bits) => 4 << bits;
}
