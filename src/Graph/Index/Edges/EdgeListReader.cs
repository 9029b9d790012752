using System.Runtime.Intrinsics;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// Goes through long lists fast: takes the words of one home line at a time, sorts them and gives them out, in the order of codes as
/// <see cref="EdgeList.Next"/> does. What it took stays good while its reader stays in the epoch it was opened in. One list at a time.
/// </summary>
internal sealed unsafe class EdgeListReader
{
    private uint[] _words = new uint[2 * EdgeList.SlabWords];
    private int _count;
    private int _at;
    private ulong _list;
    private int _home;

    /// <summary>The word at hand.</summary>
    public uint Word => _words[_at];

    /// <summary>Begins behind an object, or at the beginning.</summary>
    public void Open(ulong list, uint? after)
    {
        (_list, _count, _at, _home) = (list, 0, -1, 0);
        long code = after is { } number ? EdgeCode.Code(EdgeCode.Word(number)) : -1;
        switch (EdgeList.KindOf(list))
        {
            case EdgeList.Kind.Single:
                Take(EdgeList.SingleOf(list), code);
                break;
            case EdgeList.Kind.Slab:
                uint* words = EdgeList.PointerOf(list);
                for (int i = 0; i < EdgeList.CountOf(list); i++) Take(Volatile.Read(ref words[i]), code);
                Sort();
                break;
            case EdgeList.Kind.Block:
                _home = code < 0 ? 0 : EdgeList.HomeOf((uint)code << (32 - EdgeCode.Bits), EdgeList.WordsOf(list));
                TakeHome(code);
                break;
        }
    }

    public bool MoveNext()
    {
        while (++_at >= _count)
        {
            if (EdgeList.KindOf(_list) != EdgeList.Kind.Block || _home >= EdgeList.LinesOf(EdgeList.WordsOf(_list))) return false;
            (_count, _at) = (0, -1);
            TakeHome(-1);
        }
        return true;
    }

    /// <summary>Takes the words whose home is the next line, wherever they are, and moves on to the line behind it.</summary>
    private void TakeHome(long code)
    {
        uint* block = EdgeList.PointerOf(_list);
        int size = EdgeList.WordsOf(_list);
        int lines = EdgeList.LinesOf(size);
        // words with one home have codes of one interval: those from here on have this home or one behind it
        ulong lines64 = (uint)lines;
        uint first = (uint)((((ulong)_home << EdgeCode.Bits) + lines64 - 1) / lines64);
        uint end = (uint)((((ulong)(_home + 1) << EdgeCode.Bits) + lines64 - 1) / lines64);
        if (code >= first) first = (uint)code + 1;
        for (int line = _home; ; line = line + 1 == lines ? 0 : line + 1)
        {
            uint* words = EdgeList.Line(block, line);
            TakeLine(words, first, end);
            if (words[EdgeList.LineWords - 1] == 0) break;
        }
        Volatile.ReadBarrier();     // what is read of an edge elsewhere is read after its word
        Sort();
        _home++;
    }

    private void TakeLine(uint* words, uint first, uint end)
    {
        Vector512<uint> line = Vector512.Load(words);
        Vector512<uint> codes = Vector512.ShiftRightLogical(line, 32 - EdgeCode.Bits);
        Vector512<uint> fits = Vector512.GreaterThanOrEqual(codes, Vector512.Create(first)) & Vector512.LessThan(codes, Vector512.Create(end))
            & Vector512.GreaterThan(line, Vector512.Create(EdgeList.GivenUp));
        if (_words.Length < _count + EdgeList.LineWords) Array.Resize(ref _words, _words.Length * 2);
        for (uint mask = (uint)fits.ExtractMostSignificantBits(); mask != 0; mask &= mask - 1)
            _words[_count++] = line[System.Numerics.BitOperations.TrailingZeroCount(mask)];
    }

    private void Take(uint word, long code)
    {
        if (EdgeCode.Code(word) > code) _words[_count++] = word;
    }

    private void Sort()
    {
        Span<uint> words = _words.AsSpan(0, _count);
        for (int i = 1; i < words.Length; i++)
        {
            uint word = words[i];
            int j = i - 1;
            for (; j >= 0 && words[j] > word; j--) words[j + 1] = words[j];
            words[j + 1] = word;
        }
    }
}
