namespace AuthzGraph.Graph.Collections;

/// <summary>
/// A queue of any length in pieces that never move, so that no addition copies what is there and whoever took a view reads on beside it. A piece
/// goes when all of it was taken out. What is older than all may be put in front. For one thread, but for views.
/// </summary>
internal sealed class PieceQueue<T>
{
    private const int PieceBits = 10;
    private const int PieceLength = 1 << PieceBits;
    private const int FirstLength = 16;

    private readonly List<T[]> _pieces = [];
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
        if (place == 0) _pieces.Add(new T[_end == 0 ? FirstLength : PieceLength]);
        else if (place == _pieces[^1].Length) GrowFirst();
        _pieces[^1][place] = item;
        _end++;
    }

    /// <summary>Puts one in that is older than all.</summary>
    public void AddOldest(in T item)
    {
        if (_first == 0)
        {
            _pieces.Insert(0, new T[PieceLength]);
            _first += PieceLength;
            _end += PieceLength;
        }
        _pieces[0][--_first] = item;
    }

    /// <summary>Takes out the oldest, so many of those that are there.</summary>
    public void Drop(int count = 1)
    {
        _first += count;
        var pieces = (int)(_first >> PieceBits);
        if (pieces == 0) return;
        _pieces.RemoveRange(0, pieces);
        _first -= (long)pieces << PieceBits;
        _end -= (long)pieces << PieceBits;
    }

    /// <summary>Takes out the newest; the queue is not empty, and nobody has a view of it: the next addition comes in its place.</summary>
    public T TakeNewest()
    {
        T newest = this[Count - 1];
        if ((--_end & (PieceLength - 1)) == 0) _pieces.RemoveAt(_pieces.Count - 1);
        return newest;
    }

    /// <summary>What is there now, from an index on: it stays good whatever is added or dropped.</summary>
    public IEnumerable<T> From(int index)
    {
        T[][] pieces = [.. _pieces];
        return Read(pieces, Math.Max(index, 0) + _first, _end);
    }

    private static IEnumerable<T> Read(T[][] pieces, long from, long end)
    {
        for (long i = from; i < end; i++) yield return pieces[i >> PieceBits][i & (PieceLength - 1)];
    }

    /// <summary>The first piece to be added starts small; it is the last still.</summary>
    private void GrowFirst()
    {
        T[] grown = new T[_pieces[^1].Length * 4];
        _pieces[^1].CopyTo(grown, 0);
        _pieces[^1] = grown;
    }
}
