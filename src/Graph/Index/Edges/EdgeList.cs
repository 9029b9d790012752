using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// One list of words (<see cref="EdgeCode"/>) behind one descriptor of 8 bytes, for reading:
///
/// <code>
///   0       no edge
///   single  the one word, in the descriptor itself
///   slab    pointer, size, count: up to 32 words in the order they came
///   block   pointer, size: a line of counts, then lines of 16 words; a word's home line follows from its code,
///           and where lines are full it is in one of those behind; lines fill from the front
/// </code>
///
/// A descriptor is loaded once: what is appended afterwards is newer than the reader. Home lines are in the order of codes.
/// </summary>
internal static unsafe class EdgeList
{
    public const int SlabWords = 32;
    public const int LineWords = 16;

    /// <summary>A slot of a block that was given up; no word is 1, since number 0 is never in a block.</summary>
    public const uint GivenUp = 1;

    private const ulong PointerMask = (1UL << 45) - 1;

    public enum Kind { Empty, Single, Slab, Block }

    public static Kind KindOf(ulong list) => (Kind)(list >> 62);
    public static uint SingleOf(ulong list) => (uint)list;
    public static uint* PointerOf(ulong list) => (uint*)((list & PointerMask) << 3);
    public static int WordsOf(ulong list) => 1 << (int)(list >> 45 & 63);
    public static int CountOf(ulong list) => (int)(list >> 51 & 63);

    public static ulong Single(uint word) => (ulong)Kind.Single << 62 | word;
    public static ulong Slab(uint* words, int size, int count) => Of(Kind.Slab, words, size) | (ulong)count << 51;
    public static ulong Block(uint* words, int size) => Of(Kind.Block, words, size);

    /// <summary>The line of a block where a word is looked for first.</summary>
    public static int HomeOf(uint word, int size) => (int)((ulong)EdgeCode.Code(word) * (uint)LinesOf(size) >> EdgeCode.Bits);

    public static int LinesOf(int size) => size / LineWords - 1;

    public static uint* Line(uint* block, int line) => block + (line + 1) * LineWords;

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
        Kind.Block => PlaceInBlock(PointerOf(list), WordsOf(list), word),
        _ => null,
    };

    /// <summary>
    /// The first word whose code is greater than <paramref name="code"/>, which then becomes that code; false at the end. Begin with -1.
    /// </summary>
    public static bool Next(ulong list, ref long code, out uint word)
    {
        word = 0;
        long best = KindOf(list) switch
        {
            Kind.Empty => long.MaxValue,
            Kind.Single => (uint)list,
            Kind.Slab => LeastAfter(PointerOf(list), CountOf(list), code, long.MaxValue),
            _ => NextInBlock(PointerOf(list), WordsOf(list), code),
        };
        if (best == long.MaxValue || EdgeCode.Code((uint)best) <= code) return false;
        word = (uint)best;
        code = EdgeCode.Code(word);
        return true;
    }

    /// <summary>Has the processor fetch where a list would hold a word.</summary>
    public static void Prefetch(ulong list, uint word)
    {
        if (!Sse.IsSupported || KindOf(list) is not (Kind.Slab or Kind.Block)) return;
        uint* words = PointerOf(list);
        Sse.Prefetch0(KindOf(list) == Kind.Slab ? words : Line(words, HomeOf(word, WordsOf(list))));
        if (KindOf(list) == Kind.Slab && CountOf(list) > LineWords) Sse.Prefetch0(words + LineWords);
    }

    /// <summary>How many words a list holds.</summary>
    public static int Length(ulong list) => KindOf(list) switch
    {
        Kind.Empty => 0,
        Kind.Single => 1,
        Kind.Slab => CountOf(list),
        _ => (int)PointerOf(list)[0],
    };

    private static ulong Of(Kind kind, uint* words, int size) => (ulong)kind << 62 | (ulong)BitOperations.Log2((uint)size) << 45 | (ulong)words >> 3;

    private static uint* PlaceInSlab(uint* words, int count, uint word)
    {
        for (int i = 0; i < count; i += LineWords)
        {
            uint mask = Matches(words + i, word);
            if (count - i < LineWords) mask &= (1u << (count - i)) - 1;
            if (mask != 0) return words + i + BitOperations.TrailingZeroCount(mask);
        }
        return null;
    }

    private static uint* PlaceInBlock(uint* block, int size, uint word)
    {
        int lines = LinesOf(size);
        for (int line = HomeOf(word, size); ; line = line + 1 == lines ? 0 : line + 1)
        {
            uint* words = Line(block, line);
            uint mask = Matches(words, word);
            if (mask != 0) return words + BitOperations.TrailingZeroCount(mask);
            if (words[LineWords - 1] == 0) return null;
        }
    }

    private static uint Matches(uint* line, uint word) =>
        (uint)Vector512.Equals(Vector512.Load(line) & Vector512.Create(~EdgeCode.Flags), Vector512.Create(word)).ExtractMostSignificantBits();

    private static long NextInBlock(uint* block, int size, long code)
    {
        int lines = LinesOf(size);
        int home = code < 0 ? 0 : HomeOf((uint)code << (32 - EdgeCode.Bits), size);
        for (; home < lines; home++)
        {
            long best = long.MaxValue;
            for (int line = home; ; line = line + 1 == lines ? 0 : line + 1)
            {
                best = LeastAtHome(Line(block, line), home, size, code, best);
                if (Line(block, line)[LineWords - 1] == 0) break;
            }
            if (best != long.MaxValue) return best;
        }
        return long.MaxValue;
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

    private static long LeastAtHome(uint* line, int home, int size, long code, long best)
    {
        for (int i = 0; i < LineWords; i++)
        {
            uint word = Volatile.Read(ref line[i]);
            if (word <= GivenUp) continue;
            if (EdgeCode.Code(word) > code && word < best && HomeOf(word, size) == home) best = word;
        }
        return best;
    }
}
