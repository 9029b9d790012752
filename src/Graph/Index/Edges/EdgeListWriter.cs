using System.Numerics;
using AuthzGraph.Graph.Index.Memory;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// Changes lists (<see cref="EdgeList"/>). Each method returns the descriptor to publish; what the old one alone led to goes to
/// limbo. Words are appended and flagged in place, which readers of either descriptor may see; out of slabs they are taken away in a copy.
/// </summary>
internal sealed unsafe class EdgeListWriter(IndexMemory memory)
{
    private const int SmallestBlock = 128;

    private readonly BlockMoves _moves = new(memory);

    /// <summary>The list with a word more. It is not in it yet.</summary>
    public ulong Add(ulong list, uint word)
    {
        switch (EdgeList.KindOf(list))
        {
            case EdgeList.Kind.Empty: return EdgeList.Single(word);
            case EdgeList.Kind.Single: return NewSlab([EdgeList.SingleOf(list), word]);
            case EdgeList.Kind.Slab: return AddToSlab(list, word);
            default: return AddToBlock(list, word);
        }
    }

    /// <summary>The list without a word that is in it.</summary>
    public ulong Remove(ulong list, uint word)
    {
        switch (EdgeList.KindOf(list))
        {
            case EdgeList.Kind.Single: return 0;
            case EdgeList.Kind.Slab: return RemoveFromSlab(list, word);
            default: return RemoveFromBlock(list, word);
        }
    }

    /// <summary>Gives a word that is in the list its flags, in place, and returns the descriptor with them.</summary>
    public ulong SetFlags(ulong list, uint word)
    {
        if (EdgeList.KindOf(list) == EdgeList.Kind.Single) return EdgeList.Single(word);
        if (BlockMoves.IsLarge(list)) _moves.SetFlags(list, word);
        else EdgeBlock.SetFlags(list, word);
        return list;
    }

    private ulong AddToSlab(ulong list, uint word)
    {
        uint* words = EdgeList.PointerOf(list);
        int size = EdgeList.WordsOf(list);
        int count = EdgeList.CountOf(list);
        if (count < size)
        {
            words[count] = word;
            return EdgeList.Slab(words, size, count + 1);
        }
        var old = new ReadOnlySpan<uint>(words, count);
        ulong grown = count == EdgeList.SlabWords ? NewBlock(old, word) : NewSlab(old, word);
        Retire(list);
        return grown;
    }

    private ulong RemoveFromSlab(ulong list, uint word)
    {
        Span<uint> kept = stackalloc uint[EdgeList.SlabWords];
        int count = 0;
        foreach (uint other in new ReadOnlySpan<uint>(EdgeList.PointerOf(list), EdgeList.CountOf(list)))
            if ((other & ~EdgeCode.Flags) != word) kept[count++] = other;
        Retire(list);
        return count == 1 ? EdgeList.Single(kept[0]) : NewSlab(kept[..count]);
    }

    private ulong AddToBlock(ulong list, uint word)
    {
        if (BlockMoves.IsLarge(list)) return _moves.Add(list, word);
        ulong roomy = (EdgeBlock.Used(list) + 1) * 4 > (EdgeList.WordsOf(list) - EdgeList.LineWords) * 3 ? Rebuilt(list, EdgeBlock.Live(list) + 1) : list;
        EdgeBlock.Insert(roomy, word);
        return roomy;
    }

    private ulong RemoveFromBlock(ulong list, uint word)
    {
        if (BlockMoves.IsLarge(list)) return _moves.Remove(list, word);
        EdgeBlock.Remove(list, word);
        int live = EdgeBlock.Live(list);
        if (live <= EdgeList.SlabWords / 2) return SlabOf(list);
        return live * 8 > EdgeList.WordsOf(list) ? list : Rebuilt(list, live);
    }

    private ulong SlabOf(ulong list)
    {
        Span<uint> kept = stackalloc uint[EdgeList.SlabWords];
        int count = 0;
        foreach (uint word in EdgeBlock.Words(list))
            if (word > EdgeList.GivenUp) kept[count++] = word;
        Retire(list);
        return NewSlab(kept[..count]);
    }

    private ulong Rebuilt(ulong list, int count)
    {
        ulong built = NewBlock(SizeFor(count));
        foreach (uint word in EdgeBlock.Words(list))
            if (word > EdgeList.GivenUp) EdgeBlock.Insert(built, word);
        Retire(list);
        return built;
    }

    private ulong NewSlab(ReadOnlySpan<uint> words, uint more = 0)
    {
        int count = words.Length + (more == 0 ? 0 : 1);
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)count);
        uint* slab = memory.Blocks.Allocate(size);
        words.CopyTo(new Span<uint>(slab, size));
        if (more != 0) slab[count - 1] = more;
        return EdgeList.Slab(slab, size, count);
    }

    private ulong NewBlock(ReadOnlySpan<uint> words, uint more)
    {
        ulong block = NewBlock(SmallestBlock);
        foreach (uint word in words) EdgeBlock.Insert(block, word);
        EdgeBlock.Insert(block, more);
        return block;
    }

    private ulong NewBlock(int size) => EdgeList.Block(memory.Blocks.AllocateZeroed(size), size);

    /// <summary>Half full, so that it is a while until the next.</summary>
    public static int SizeFor(int count) => Math.Max(SmallestBlock, (int)BitOperations.RoundUpToPowerOf2((uint)count * 3 / 2 + EdgeList.LineWords));

    private void Retire(ulong list) => memory.Limbo.Retire(memory.Blocks, EdgeList.PointerOf(list), EdgeList.WordsOf(list));
}
