using System.Numerics;
using AuthzGraph.Graph.Index.Memory;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// Changes lists (<see cref="EdgeList"/>). Each method returns the descriptor to publish; what the old one alone led to goes to
/// limbo. Words are appended and flagged in place, which readers of either descriptor may see; they are taken away in a copy.
/// </summary>
internal sealed unsafe class EdgeListWriter(IndexMemory memory)
{
    private const int SmallestBlock = 128;

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
        uint* block = EdgeList.PointerOf(list);
        int size = EdgeList.WordsOf(list);
        if ((block[0] + block[1] + 1) * 4 > (uint)(size - EdgeList.LineWords) * 3)
        {
            ulong rebuilt = Rebuilt(list, SizeFor((int)block[0] + 1));
            block = EdgeList.PointerOf(rebuilt);
            Insert(block, EdgeList.WordsOf(rebuilt), word);
            Retire(list);
            return rebuilt;
        }
        Insert(block, size, word);
        return list;
    }

    private ulong RemoveFromBlock(ulong list, uint word)
    {
        uint* block = EdgeList.PointerOf(list);
        Volatile.Write(ref *EdgeList.Place(list, word), EdgeList.GivenUp);
        block[0]--;
        block[1]++;
        if (block[0] > EdgeList.SlabWords / 2 && block[0] * 8 > (uint)EdgeList.WordsOf(list)) return list;
        ulong shrunk = block[0] <= EdgeList.SlabWords / 2 ? SlabOf(list) : Rebuilt(list, SizeFor((int)block[0]));
        Retire(list);
        return shrunk;
    }

    private ulong SlabOf(ulong list)
    {
        Span<uint> kept = stackalloc uint[EdgeList.SlabWords];
        int count = 0;
        foreach (uint word in new ReadOnlySpan<uint>(EdgeList.Line(EdgeList.PointerOf(list), 0), EdgeList.WordsOf(list) - EdgeList.LineWords))
            if (word > EdgeList.GivenUp) kept[count++] = word;
        return NewSlab(kept[..count]);
    }

    private ulong Rebuilt(ulong list, int size)
    {
        uint* block = NewBlock(size);
        foreach (uint word in new ReadOnlySpan<uint>(EdgeList.Line(EdgeList.PointerOf(list), 0), EdgeList.WordsOf(list) - EdgeList.LineWords))
            if (word > EdgeList.GivenUp) Insert(block, size, word);
        return EdgeList.Block(block, size);
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
        uint* block = NewBlock(SmallestBlock);
        foreach (uint word in words) Insert(block, SmallestBlock, word);
        Insert(block, SmallestBlock, more);
        return EdgeList.Block(block, SmallestBlock);
    }

    private uint* NewBlock(int size) => memory.Blocks.AllocateZeroed(size);

    private static void Insert(uint* block, int size, uint word)
    {
        int lines = EdgeList.LinesOf(size);
        for (int line = EdgeList.HomeOf(word, size); ; line = line + 1 == lines ? 0 : line + 1)
        {
            var words = new Span<uint>(EdgeList.Line(block, line), EdgeList.LineWords);
            int free = words.IndexOfAnyInRange(0u, EdgeList.GivenUp);
            if (free < 0) continue;
            if (words[free] == EdgeList.GivenUp) block[1]--;
            block[0]++;
            Volatile.Write(ref words[free], word);
            return;
        }
    }

    /// <summary>Half full, so that it is a while until the next.</summary>
    private static int SizeFor(int count) => Math.Max(SmallestBlock, (int)BitOperations.RoundUpToPowerOf2((uint)count * 3 / 2 + EdgeList.LineWords));

    private void Retire(ulong list) => memory.Limbo.Retire(memory.Blocks, EdgeList.PointerOf(list), EdgeList.WordsOf(list));
}
