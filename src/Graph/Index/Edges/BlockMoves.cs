using AuthzGraph.Graph.Index.Memory;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// Changes large blocks and moves them to blocks of another size, a few lines with every change, so that none takes long. Meanwhile readers
/// see the old block, in which all is changed as ever; what lies in lines that were copied is changed in the copy too. Whole, the copy is
/// published in the old one's place. Writer only; shown by <c>perf -- long-lists</c>.
/// </summary>
internal sealed unsafe class BlockMoves(IndexMemory memory)
{
    /// <summary>From so many words on a block is large.</summary>
    public const int LeastWords = 1 << 14;

    private const int LinesAtOnce = 16;

    private readonly Dictionary<ulong, Move> _moves = [];

    private sealed class Move(ulong to)
    {
        public ulong To => to;
        public int Copied { get; set; }     // lines of the old block
    }

    public static bool IsLarge(ulong list) => EdgeList.WordsOf(list) >= LeastWords && EdgeList.KindOf(list) == EdgeList.Kind.Block;

    /// <summary>The list with a word more.</summary>
    public ulong Add(ulong list, uint word)
    {
        // INVARIANT: a move takes a 256th as many changes as the block has words, so it ends long before either block is full
        if (EdgeBlock.Used(list) / 5 > EdgeList.WordsOf(list) / 8) Begin(list);
        int line = EdgeBlock.Insert(list, word);
        if (_moves.TryGetValue(list, out Move? move) && line < move.Copied) EdgeBlock.Insert(move.To, word);
        return GoOn(list, move);
    }

    /// <summary>The list without a word that is in it.</summary>
    public ulong Remove(ulong list, uint word)
    {
        if (EdgeBlock.Live(list) <= EdgeList.WordsOf(list) / 8) Begin(list);
        EdgeBlock.Remove(list, word);
        if (_moves.TryGetValue(list, out Move? move)) EdgeBlock.Remove(move.To, word);
        return GoOn(list, move);
    }

    /// <summary>Gives a word that is in the list its flags.</summary>
    public void SetFlags(ulong list, uint word)
    {
        EdgeBlock.SetFlags(list, word);
        if (_moves.TryGetValue(list, out Move? move)) EdgeBlock.SetFlags(move.To, word);
    }

    private void Begin(ulong list)
    {
        if (_moves.ContainsKey(list)) return;
        int size = EdgeListWriter.SizeFor(EdgeBlock.Live(list) / 4 * 5);
        _moves.Add(list, new Move(EdgeList.Block(memory.Blocks.AllocateZeroed(size), size)));
    }

    private ulong GoOn(ulong list, Move? move)
    {
        if (move is null) return list;
        int left = EdgeList.LinesOf(EdgeList.WordsOf(list)) - move.Copied;
        int lines = Math.Min(left, LinesAtOnce);
        foreach (uint word in EdgeBlock.Words(list, move.Copied, lines))
            if (word > EdgeList.GivenUp) EdgeBlock.Insert(move.To, word);
        move.Copied += lines;
        if (lines < left) return list;
        _moves.Remove(list);
        memory.Limbo.Retire(memory.Blocks, EdgeList.PointerOf(list), EdgeList.WordsOf(list));
        return move.To;
    }
}
