using System.Numerics;
using AuthzGraph.Graph.Index.Memory;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// Changes lists (<see cref="EdgeList"/>). Each method returns the descriptor to publish; what the old one alone led to goes to
/// limbo. Words are appended and flagged in place, which readers of either descriptor may see; they are taken away in a copy.
/// </summary>
internal sealed unsafe class EdgeListWriter(IndexMemory memory, EdgeBlocks blocks)
{
    private readonly EdgePartsWriter _parts = new(memory, blocks);

    /// <summary>The list with a word more. It is not in it yet.</summary>
    public ulong Add(ulong list, uint word)
    {
        switch (EdgeList.KindOf(list))
        {
            case EdgeList.Kind.Empty: return EdgeList.Single(word);
            case EdgeList.Kind.Single: return NewSlab([EdgeList.SingleOf(list), word]);
            case EdgeList.Kind.Slab: return AddToSlab(list, word);
            case EdgeList.Kind.Block: return AddToBlock(new EdgeBlock(list), word);
            default: return _parts.Add(list, word);
        }
    }

    /// <summary>The list without a word that is in it.</summary>
    public ulong Remove(ulong list, uint word)
    {
        switch (EdgeList.KindOf(list))
        {
            case EdgeList.Kind.Single: return 0;
            case EdgeList.Kind.Slab: return RemoveFromSlab(list, word);
            case EdgeList.Kind.Block: return RemoveFromBlock(new EdgeBlock(list), word);
            default: return _parts.Remove(list, word);
        }
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
        RetireSlab(list);
        return grown;
    }

    private ulong RemoveFromSlab(ulong list, uint word)
    {
        Span<uint> kept = stackalloc uint[EdgeList.SlabWords];
        int count = 0;
        foreach (uint other in new ReadOnlySpan<uint>(EdgeList.PointerOf(list), EdgeList.CountOf(list)))
            if ((other & ~EdgeCode.Flags) != word) kept[count++] = other;
        RetireSlab(list);
        return count == 1 ? EdgeList.Single(kept[0]) : NewSlab(kept[..count]);
    }

    private ulong AddToBlock(EdgeBlock block, uint word)
    {
        if (!EdgeBlocks.HasRoom(block))
        {
            if (EdgeBlocks.MustSplit(block)) return _parts.Add(_parts.Split(block), word);
            block = blocks.Rebuilt(block);
        }
        block.Insert(word);
        return block.Descriptor;
    }

    private ulong RemoveFromBlock(EdgeBlock block, uint word)
    {
        EdgeBlocks.GiveUp(block, word);
        if (block.Count <= EdgeList.SlabWords / 2) return SlabOf(block);
        return EdgeBlocks.IsSparse(block) ? blocks.Rebuilt(block).Descriptor : block.Descriptor;
    }

    private ulong SlabOf(EdgeBlock block)
    {
        Span<uint> kept = stackalloc uint[EdgeList.SlabWords];
        int count = 0;
        foreach (uint word in block.Slots)
            if (word > EdgeBlock.GivenUp) kept[count++] = word;
        blocks.Retire(block);
        return NewSlab(kept[..count]);
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
        EdgeBlock block = blocks.New(EdgeBlocks.Smallest, depth: 0);
        foreach (uint word in words) block.Insert(word);
        block.Insert(more);
        return block.Descriptor;
    }

    private void RetireSlab(ulong list) => memory.Limbo.Retire(memory.Blocks, EdgeList.PointerOf(list), EdgeList.WordsOf(list));
}
