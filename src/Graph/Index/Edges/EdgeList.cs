using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// One list of words (<see cref="EdgeCode"/>) behind one descriptor of 8 bytes, for reading:
///
/// <code>
///   0       no edge
///   single  the one word, in the descriptor itself
///   slab    pointer, size, count: up to 32 words in the order they came
///   block   pointer, size: a hash table of up to some thousand words (EdgeBlock)
///   parts   pointer, depth: a directory of blocks (EdgeParts)
/// </code>
///
/// A descriptor is loaded once: what is appended afterwards is newer than the reader.
/// </summary>
internal static unsafe class EdgeList
{
    public const int SlabWords = 32;
    private const ulong PointerMask = (1UL << 45) - 1;
    private const int CountShift = 51;
    private const int KindShift = 61;

    public enum Kind { Empty, Single, Slab, Block, Parts }

    public static Kind KindOf(ulong list) => (Kind)(list >> KindShift);
    public static uint SingleOf(ulong list) => (uint)list;
    public static uint* PointerOf(ulong list) => (uint*)((list & PointerMask) << 3);
    public static int WordsOf(ulong list) => 1 << (int)(list >> 45 & 63);

    /// <summary>How many words a slab holds; the depth of a block or of parts.</summary>
    public static int CountOf(ulong list) => (int)(list >> CountShift & 63);

    public static ulong Single(uint word) => (ulong)Kind.Single << KindShift | word;
    public static ulong Slab(uint* words, int size, int count) => Of(Kind.Slab, words, size, count);
    public static ulong Block(uint* block, int size, int depth) => Of(Kind.Block, block, size, depth);
    public static ulong Parts(uint* directory, int depth) => Of(Kind.Parts, directory, 1, depth);

    /// <summary>The word in the list, whatever its flags, that stands for the same object; false if there is none, and then it may be another's.</summary>
    public static bool TryFind(ulong list, uint word, out uint found)
    {
        found = (uint)list;
        if (KindOf(list) == Kind.Single) return (found & ~EdgeCode.Flags) == word;
        uint* place = Place(list, word);
        found = place == null ? 0 : Volatile.Read(ref *place);
        return (found & ~EdgeCode.Flags) == word && place != null;
    }

    /// <summary>Where a slab or block holds a word; null if it does not.</summary>
    public static uint* Place(ulong list, uint word) => KindOf(list) switch
    {
        Kind.Slab => PlaceInSlab(PointerOf(list), CountOf(list), word),
        Kind.Block => new EdgeBlock(list).Place(word),
        Kind.Parts => new EdgeParts(list).Of(word).Place(word),
        _ => null,
    };

    /// <summary>The first word whose code is greater than <paramref name="code"/>; null at the end. Begin with -1.</summary>
    public static uint? Next(ulong list, long code)
    {
        long best = KindOf(list) switch
        {
            Kind.Empty => long.MaxValue,
            Kind.Single => (uint)list,
            Kind.Slab => LeastAfter(PointerOf(list), CountOf(list), code, long.MaxValue),
            Kind.Block => code < EdgeCode.MaxNumber ? new EdgeBlock(list).Next(code) : long.MaxValue,
            _ => new EdgeParts(list).Next(code),
        };
        return best == long.MaxValue || EdgeCode.Code((uint)best) <= code ? null : (uint)best;
    }

    /// <summary>Has the processor fetch where a list would hold a word.</summary>
    public static void Prefetch(ulong list, uint word)
    {
        switch (KindOf(list))
        {
            case Kind.Slab when Sse.IsSupported:
                Sse.Prefetch0(PointerOf(list));
                if (CountOf(list) > EdgeBlock.LineWords) Sse.Prefetch0(PointerOf(list) + EdgeBlock.LineWords);
                break;
            case Kind.Block:
                new EdgeBlock(list).Prefetch(word);
                break;
            case Kind.Parts:
                new EdgeParts(list).Of(word).Prefetch(word);
                break;
        }
    }

    /// <summary>How many words a list holds.</summary>
    public static int Length(ulong list) => KindOf(list) switch
    {
        Kind.Empty => 0,
        Kind.Single => 1,
        Kind.Slab => CountOf(list),
        Kind.Block => (int)new EdgeBlock(list).Count,
        _ => (int)new EdgeParts(list).Count,
    };

    private static ulong Of(Kind kind, uint* words, int size, int count) =>
        (ulong)kind << KindShift | (ulong)count << CountShift | (ulong)BitOperations.Log2((uint)size) << 45 | (ulong)words >> 3;

    private static uint* PlaceInSlab(uint* words, int count, uint word)
    {
        for (int i = 0; i < count; i += EdgeBlock.LineWords)
        {
            uint mask = EdgeBlock.Matches(words + i, word);
            if (count - i < EdgeBlock.LineWords) mask &= (1u << (count - i)) - 1;
            if (mask != 0) return words + i + BitOperations.TrailingZeroCount(mask);
        }
        return null;
    }

    private static long LeastAfter(uint* words, int count, long code, long best)
    {
        for (int i = 0; i < count; i++)
        {
            uint word = Volatile.Read(ref words[i]);
            if (EdgeCode.Code(word) > code && word < best) best = word;
        }
        return best;
    }
}
