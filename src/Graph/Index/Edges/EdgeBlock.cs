using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// A block of words: a line of counts, then lines of 16 words. A word's home line follows from its code, and where lines are full it is in one
/// of those behind; lines fill from the front. Home lines are in the order of codes. A block holds a whole list, or the part of a long one
/// (<see cref="EdgeParts"/>) whose codes begin with the same bits; then those behind them say the home line.
/// </summary>
internal readonly unsafe struct EdgeBlock(ulong descriptor)
{
    public const int LineWords = 16;

    /// <summary>A slot that was given up; no word is 1, since number 0 is never in a block.</summary>
    public const uint GivenUp = 1;

    private readonly uint* _counts = EdgeList.PointerOf(descriptor);

    public ulong Descriptor => descriptor;
    public int Size => EdgeList.WordsOf(descriptor);

    /// <summary>How many bits the codes of all its words begin with; 0 for a whole list.</summary>
    public int Depth => EdgeList.CountOf(descriptor);

    public int Lines => Size / LineWords - 1;

    /// <summary>How many words it holds.</summary>
    public ref uint Count => ref _counts[0];

    /// <summary>How many slots were given up.</summary>
    public ref uint Gaps => ref _counts[1];

    /// <summary>All slots: words, 0 and <see cref="GivenUp"/>.</summary>
    public ReadOnlySpan<uint> Slots => new(Line(0), Size - LineWords);

    public uint* Line(int line) => _counts + (line + 1) * LineWords;

    /// <summary>The line where a word is looked for first.</summary>
    public int HomeOf(uint word) => (int)((ulong)EdgeCode.Code((word & ~EdgeCode.Flags) << Depth) * (uint)Lines >> EdgeCode.Bits);

    /// <summary>The least code that has a home line or a later one, if any code of this block has.</summary>
    /// <param name="code">Any code of this block.</param>
    public uint FirstCode(int line, uint code)
    {
        int bits = EdgeCode.Bits - Depth;
        return (code >> bits << bits) + (uint)((((ulong)line << bits) + (uint)Lines - 1) / (uint)Lines);
    }

    /// <summary>Where a word is, whatever its flags; null if it is not there.</summary>
    public uint* Place(uint word)
    {
        int lines = Lines;
        for (int line = HomeOf(word); ; line = line + 1 == lines ? 0 : line + 1)
        {
            uint* words = Line(line);
            uint mask = Matches(words, word);
            if (mask != 0) return words + BitOperations.TrailingZeroCount(mask);
            if (words[LineWords - 1] == 0) return null;
        }
    }

    /// <summary>Which of 16 words stand for the same object as a word without flags, a bit for each.</summary>
    public static uint Matches(uint* words, uint word) =>
        (uint)Vector512.Equals(Vector512.Load(words) & Vector512.Create(~EdgeCode.Flags), Vector512.Create(word)).ExtractMostSignificantBits();

    /// <summary>The word with the least code greater than <paramref name="code"/>; <see cref="long.MaxValue"/> if there is none.</summary>
    /// <param name="code">One less than a code of this block.</param>
    public long Next(long code)
    {
        int lines = Lines;
        for (int home = HomeOf(EdgeCode.WordOf((uint)(code + 1))); home < lines; home++)
        {
            long best = long.MaxValue;
            for (int line = home; ; line = line + 1 == lines ? 0 : line + 1)
            {
                best = LeastAtHome(Line(line), home, code, best);
                if (Line(line)[LineWords - 1] == 0) break;
            }
            if (best != long.MaxValue) return best;
        }
        return long.MaxValue;
    }

    /// <summary>Has the processor fetch where a word would be.</summary>
    public void Prefetch(uint word)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Line(HomeOf(word)));
    }

    /// <summary>Writer only: puts in a word that is not there; there is a slot for it.</summary>
    public void Insert(uint word)
    {
        int lines = Lines;
        for (int line = HomeOf(word); ; line = line + 1 == lines ? 0 : line + 1)
        {
            var words = new Span<uint>(Line(line), LineWords);
            int free = words.IndexOfAnyInRange(0u, GivenUp);
            if (free < 0) continue;
            if (words[free] == GivenUp) Gaps--;
            Count++;
            Volatile.Write(ref words[free], word);
            return;
        }
    }

    private long LeastAtHome(uint* line, int home, long code, long best)
    {
        for (int i = 0; i < LineWords; i++)
        {
            uint word = Volatile.Read(ref line[i]);
            if (word <= GivenUp) continue;
            if (EdgeCode.Code(word) > code && word < best && HomeOf(word) == home) best = word;
        }
        return best;
    }
}
