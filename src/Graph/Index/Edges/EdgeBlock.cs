namespace AuthzGraph.Graph.Index.Edges;

/// <summary>Changes the words of one block (<see cref="EdgeList"/>) in place. For the writer.</summary>
internal static unsafe class EdgeBlock
{
    /// <summary>How many words it holds, and how many it has given up.</summary>
    public static int Live(ulong list) => (int)EdgeList.PointerOf(list)[0];

    public static int Used(ulong list) => Live(list) + (int)EdgeList.PointerOf(list)[1];

    /// <summary>The lines, without the one of counts.</summary>
    public static ReadOnlySpan<uint> Words(ulong list) => Words(list, 0, EdgeList.LinesOf(EdgeList.WordsOf(list)));

    public static ReadOnlySpan<uint> Words(ulong list, int line, int lines) =>
        new(EdgeList.Line(EdgeList.PointerOf(list), line), lines * EdgeList.LineWords);

    /// <summary>Puts in a word that is not there, and returns its line.</summary>
    public static int Insert(ulong list, uint word)
    {
        uint* block = EdgeList.PointerOf(list);
        int size = EdgeList.WordsOf(list);
        int lines = EdgeList.LinesOf(size);
        for (int line = EdgeList.HomeOf(word, size); ; line = line + 1 == lines ? 0 : line + 1)
        {
            var words = new Span<uint>(EdgeList.Line(block, line), EdgeList.LineWords);
            int free = words.IndexOfAnyInRange(0u, EdgeList.GivenUp);
            if (free < 0) continue;
            if (words[free] == EdgeList.GivenUp) block[1]--;
            block[0]++;
            Volatile.Write(ref words[free], word);
            return line;
        }
    }

    /// <summary>Gives up the place of a word, if it is there.</summary>
    public static void Remove(ulong list, uint word)
    {
        uint* place = EdgeList.Place(list, word);
        if (place == null) return;
        Volatile.Write(ref *place, EdgeList.GivenUp);
        EdgeList.PointerOf(list)[0]--;
        EdgeList.PointerOf(list)[1]++;
    }

    /// <summary>Gives a word its flags, if it is there.</summary>
    public static void SetFlags(ulong list, uint word)
    {
        uint* place = EdgeList.Place(list, word & ~EdgeCode.Flags);
        if (place != null) Volatile.Write(ref *place, word);
    }
}
