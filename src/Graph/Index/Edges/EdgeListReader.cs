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
    private EdgeBlock _block;
    private uint _first;        // a code of the block
    private int _home;
    private int _lines;         // of the block; 0 without one

    /// <summary>The word at hand.</summary>
    public uint Word => _words[_at];

    /// <summary>Begins behind an object, or at the beginning.</summary>
    public void Open(ulong list, uint? after)
    {
        (_list, _count, _at, _home, _lines) = (list, 0, -1, 0, 0);
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
                if (code < EdgeCode.MaxNumber) OpenBlock(new EdgeBlock(list), code);
                break;
            case EdgeList.Kind.Parts:
                if (new EdgeParts(list).TryAfter(code, out EdgeBlock part)) OpenBlock(part, code);
                break;
        }
    }

    public bool MoveNext()
    {
        while (++_at >= _count)
        {
            (_count, _at) = (0, -1);
            if (_home < _lines) TakeHome(-1);
            else if (!TryOpenNextPart()) return false;
        }
        return true;
    }

    /// <summary>Begins a block behind a code; it may have words up to it, which are left out.</summary>
    private void OpenBlock(EdgeBlock block, long code)
    {
        (_block, _lines, _first) = (block, block.Lines, (uint)(code + 1));
        _home = block.HomeOf(EdgeCode.WordOf(_first));
        TakeHome(code);
    }

    private bool TryOpenNextPart()
    {
        if (EdgeList.KindOf(_list) != EdgeList.Kind.Parts || _lines == 0) return false;
        long last = EdgeParts.LastCode(_block, _first);
        if (!new EdgeParts(_list).TryAfter(last, out EdgeBlock part)) return false;
        OpenBlock(part, last);
        return true;
    }

    /// <summary>Takes the words whose home is the next line, wherever they are, and moves on to the line behind it.</summary>
    private void TakeHome(long code)
    {
        // words with one home have codes of one interval: those from here on have this home or one behind it
        uint first = _block.FirstCode(_home, _first);
        uint end = _block.FirstCode(_home + 1, _first);
        if (code >= first) first = (uint)code + 1;
        for (int line = _home; ; line = line + 1 == _lines ? 0 : line + 1)
        {
            uint* words = _block.Line(line);
            TakeLine(words, first, end);
            if (words[EdgeBlock.LineWords - 1] == 0) break;
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
            & Vector512.GreaterThan(line, Vector512.Create(EdgeBlock.GivenUp));
        if (_words.Length < _count + EdgeBlock.LineWords) Array.Resize(ref _words, _words.Length * 2);
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
