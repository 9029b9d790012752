using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// A long list in parts, so that no change moves more than one or two of them (extendible hashing):
///
/// <code>
///   list ──► count, 2^depth places, by the upper bits of codes ──► part: a block
/// </code>
///
/// A part whose codes have fewer bits in common than the directory is deep stands in several of its places. Parts are in the order of codes.
/// A reader who meets an old directory, or an old part, meets nothing that is newer than itself.
/// </summary>
internal readonly unsafe struct EdgeParts(ulong descriptor)
{
    private readonly ulong* _directory = (ulong*)EdgeList.PointerOf(descriptor);

    public ulong Descriptor => descriptor;
    public int Depth => EdgeList.CountOf(descriptor);

    /// <summary>How many words all parts hold.</summary>
    public ref ulong Count => ref _directory[0];

    /// <summary>How many words of memory a directory takes.</summary>
    public static int DirectoryWords(int depth) => 2 + (2 << depth);

    /// <summary>The part where a word is, if it is there.</summary>
    public EdgeBlock Of(uint word) => new(Volatile.Read(ref _directory[1 + IndexOf(word)]));

    /// <summary>The part of the least codes greater than <paramref name="code"/>; false if there are no such codes.</summary>
    public bool TryAfter(long code, out EdgeBlock part)
    {
        part = code < EdgeCode.MaxNumber ? Of(EdgeCode.WordOf((uint)(code + 1))) : default;
        return code < EdgeCode.MaxNumber;
    }

    /// <summary>The greatest code that a part can hold.</summary>
    /// <param name="code">Any of its codes.</param>
    public static uint LastCode(EdgeBlock part, uint code) => code | (EdgeCode.MaxNumber >> part.Depth);

    /// <summary>The word with the least code greater than <paramref name="code"/>; <see cref="long.MaxValue"/> if there is none.</summary>
    public long Next(long code)
    {
        for (; TryAfter(code, out EdgeBlock part); code = LastCode(part, (uint)(code + 1)))
        {
            long best = part.Next(code);
            if (best != long.MaxValue) return best;
        }
        return long.MaxValue;
    }

    /// <summary>Writer only: puts a part into all its places.</summary>
    /// <param name="word">Any that the part could hold.</param>
    public void Publish(uint word, EdgeBlock part)
    {
        Invariant.That(part.Depth <= Depth);
        int span = 1 << (Depth - part.Depth);
        int first = IndexOf(word) & -span;
        for (int i = first; i < first + span; i++) Volatile.Write(ref _directory[1 + i], part.Descriptor);
    }

    /// <summary>Writer only: fills the places of a directory that is twice as large and that nobody knows yet.</summary>
    public void CopyTo(EdgeParts larger)
    {
        for (int i = 0; i < 2 << Depth; i++) larger._directory[1 + i] = _directory[1 + i / 2];
        larger.Count = Count;
    }

    private int IndexOf(uint word) => (int)((ulong)word >> (32 - Depth));
}
