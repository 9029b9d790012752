using System.Text;
using AuthzGraph.Graph.Index.Memory;

namespace AuthzGraph.Graph.Index;

/// <summary>
/// All names of one type with their numbers, a slice at a time, in ascending order of numbers. Every name that an edge of a pinned
/// revision mentions is among them; names of later revisions, and some that nothing mentions, may be too.
/// </summary>
internal sealed class NameScan(GraphIndex index, NameTable names)
{
    private const uint SliceNames = 256;

    private readonly List<(uint Number, string Name)> _slice = [];

    /// <summary>The names in slices; each is overwritten by the next.</summary>
    public IEnumerable<List<(uint Number, string Name)>> Slices()
    {
        for (uint first = 1; first <= names.Last; first += SliceNames)
        {
            Read(first);
            yield return _slice;
        }
    }

    private void Read(uint first)
    {
        _slice.Clear();
        using Epochs.Stay stay = index.Memory.Epochs.Enter();
        for (uint number = first; number < first + SliceNames && number <= names.Last; number++)
            if (names.TextOf(number) is { IsEmpty: false } text) _slice.Add((number, Encoding.UTF8.GetString(text)));
    }
}
