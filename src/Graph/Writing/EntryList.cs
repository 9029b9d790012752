using System.Collections;
using AuthzGraph.Graph.Storage;

namespace AuthzGraph.Graph.Writing;

/// <summary>The entries of a transaction as they come up, in pieces small enough for the collector's nursery however many there are.</summary>
internal sealed class EntryList : IReadOnlyList<LogEntry>
{
    private const int PieceBits = 9;
    private const int First = 2;

    private LogEntry[] _first = [];
    private List<LogEntry[]>? _later;

    public int Count { get; private set; }

    public LogEntry this[int index] => Piece(index >> PieceBits)[index & ((1 << PieceBits) - 1)];

    public void Add(in LogEntry entry)
    {
        int piece = Count >> PieceBits, place = Count & ((1 << PieceBits) - 1);
        if (piece == 0 && place == _first.Length) Array.Resize(ref _first, Math.Max(First, place * 2));
        else if (piece > 0 && place == 0) (_later ??= []).Add(new LogEntry[1 << PieceBits]);
        Piece(piece)[place] = entry;
        Count++;
    }

    public IEnumerator<LogEntry> GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return this[i];
    }

    private LogEntry[] Piece(int piece) => piece == 0 || _later is null ? _first : _later[piece - 1];

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
