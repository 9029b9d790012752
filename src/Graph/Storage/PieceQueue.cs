namespace AuthzGraph.Graph.Storage;

/// <summary>
/// A queue of any length in pieces that never move, so that no addition copies what is there and whoever took a view reads on beside it. A piece
/// goes when all of it was taken out. For one thread, but for views.
/// </summary>
internal sealed class PieceQueue<T>
{
    private const int PieceBits = 10;
    private const int PieceLength = 1 << PieceBits;
    private const int FirstLength = 16;

    private readonly List<T[]> _pieces = [];
    private T[] _last = [];
    private long _first;        // counted from the beginning of the first piece
    private long _end;

    public int Count => (int)(_end - _first);

    /// <summary>The oldest; the queue is not empty.</summary>
    public ref readonly T Oldest => ref _pieces[0][_first];

    /// <summary>The item that so many others are older than.</summary>
    public ref T this[int index] => ref _pieces[(int)(_first + index >> PieceBits)][_first + index & (PieceLength - 1)];

    public void Add(in T item)
    {
        var place = (int)(_end & (PieceLength - 1));
        if (place == 0) _pieces.Add(_last = new T[_end == 0 ? FirstLength : PieceLength]);
        else if (place == _last.Length) GrowOnly();
        _last[place] = item;
        _end++;
    }

    /// <summary>Takes out the oldest.</summary>
    public void Drop()
    {
        if (++_first < PieceLength) return;
        _pieces.RemoveAt(0);
        _first -= PieceLength;
        _end -= PieceLength;
    }

    /// <summary>What is there now, from an index on: it stays good whatever becomes of the queue.</summary>
    public IEnumerable<T> From(int index)
    {
        T[][] pieces = [.. _pieces];
        return Read(pieces, Math.Max(index, 0) + _first, _end);
    }

    private static IEnumerable<T> Read(T[][] pieces, long from, long end)
    {
        for (long i = from; i < end; i++) yield return pieces[i >> PieceBits][i & (PieceLength - 1)];
    }

    /// <summary>The first piece starts small.</summary>
    private void GrowOnly()
    {
        T[] grown = new T[_last.Length * 4];
        _last.CopyTo(grown, 0);
        _pieces[0] = _last = grown;
    }
}
