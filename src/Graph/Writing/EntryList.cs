using System.Collections;
using AuthzGraph.Graph.Storage;

namespace AuthzGraph.Graph.Writing;

/// <summary>The entries of a transaction as they come up, in pieces small enough for the collector's nursery however many there are.</summary>
internal sealed class EntryList : IReadOnlyList<LogEntry>
{
    private const int PieceBits = 9;
    private const int First = 4;

    private readonly List<LogEntry[]> _pieces = [];

    public int Count { get; private set; }

    public LogEntry this[int index] => _pieces[index >> PieceBits][index & ((1 << PieceBits) - 1)];

    public void Add(in LogEntry entry)
    {
        int piece = Count >> PieceBits, place = Count & ((1 << PieceBits) - 1);
        if (piece == _pieces.Count) _pieces.Add(new LogEntry[piece == 0 ? First : 1 << PieceBits]);
        LogEntry[] entries = _pieces[piece];
        if (place == entries.Length)
        {
            Array.Resize(ref entries, entries.Length * 2);
            _pieces[piece] = entries;
        }
        entries[place] = entry;
        Count++;
    }

    public IEnumerator<LogEntry> GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
