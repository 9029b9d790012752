using System.Numerics;
using AuthzGraph.Graph.Index.Memory;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>Makes blocks, of new words and of those of other blocks, which go to limbo then. For the writer.</summary>
internal sealed unsafe class EdgeBlocks(IndexMemory memory)
{
    public const int Smallest = 128;

    /// <summary>What no block is larger than, in words: a change moves as many.</summary>
    public const int Largest = 4096;

    public static bool HasRoom(EdgeBlock block) => (block.Count + block.Gaps + 1) * 4 <= (uint)(block.Size - EdgeBlock.LineWords) * 3;

    /// <summary>Whether no block has room for one more than its words.</summary>
    public static bool MustSplit(EdgeBlock block) => SizeFor(block.Count + 1) > Largest;

    /// <summary>Whether it could be smaller by far.</summary>
    public static bool IsSparse(EdgeBlock block) => block.Size > Smallest && block.Count * 8 <= (uint)block.Size;

    /// <summary>Takes out a word that is there.</summary>
    public static void GiveUp(EdgeBlock block, uint word)
    {
        Volatile.Write(ref *block.Place(word), EdgeBlock.GivenUp);
        block.Count--;
        block.Gaps++;
    }

    public EdgeBlock New(int size, int depth) => new(EdgeList.Block(memory.Blocks.AllocateZeroed(size), size, depth));

    /// <summary>The same words in as many slots as they need, with room for more.</summary>
    public EdgeBlock Rebuilt(EdgeBlock old)
    {
        EdgeBlock rebuilt = New(SizeFor(old.Count + 1), old.Depth);
        foreach (uint word in old.Slots)
            if (word > EdgeBlock.GivenUp) rebuilt.Insert(word);
        Retire(old);
        return rebuilt;
    }

    /// <summary>The words by the first bit in which their codes may differ.</summary>
    public (EdgeBlock Low, EdgeBlock High) Halves(EdgeBlock old)
    {
        int depth = old.Depth + 1;
        uint bit = 1u << (32 - depth), high = 0;
        foreach (uint word in old.Slots)
            if (word > EdgeBlock.GivenUp && (word & bit) != 0) high++;
        (EdgeBlock Low, EdgeBlock High) halves = (New(SizeFor(old.Count - high + 1), depth), New(SizeFor(high + 1), depth));
        foreach (uint word in old.Slots)
            if (word > EdgeBlock.GivenUp) ((word & bit) != 0 ? halves.High : halves.Low).Insert(word);
        Retire(old);
        return halves;
    }

    /// <summary>The words of two halves.</summary>
    public EdgeBlock Joined(EdgeBlock one, EdgeBlock other)
    {
        EdgeBlock joined = New(SizeFor(one.Count + other.Count + 1), one.Depth - 1);
        foreach (uint word in one.Slots)
            if (word > EdgeBlock.GivenUp) joined.Insert(word);
        foreach (uint word in other.Slots)
            if (word > EdgeBlock.GivenUp) joined.Insert(word);
        Retire(one);
        Retire(other);
        return joined;
    }

    public void Retire(EdgeBlock block) => memory.Limbo.Retire(memory.Blocks, EdgeList.PointerOf(block.Descriptor), block.Size);

    /// <summary>Half full, so that it is a while until the next.</summary>
    private static int SizeFor(uint count) => Math.Max(Smallest, (int)BitOperations.RoundUpToPowerOf2(count * 3 / 2 + EdgeBlock.LineWords));
}
