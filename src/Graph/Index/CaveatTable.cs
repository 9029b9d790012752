using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index;

/// <summary>
/// Caveats with the contexts they were written with, and their numbers: dense, from 1; 0 stands for no caveat. Equal texts
/// share a number. One writer; readers take no lock, since a grown list is published whole.
/// </summary>
internal sealed class CaveatTable
{
    private readonly Dictionary<string, uint> _numbers = new(StringComparer.Ordinal);
    private CaveatRef[] _caveats = new CaveatRef[16];

    public CaveatRef this[uint number] => Volatile.Read(ref _caveats)[number];

    /// <summary>Writer only: the number of a caveat, given out now if it has none.</summary>
    public uint Add(CaveatRef caveat, out bool added)
    {
        string text = caveat.ToString();
        added = !_numbers.TryGetValue(text, out uint number);
        if (!added) return number;
        number = (uint)_numbers.Count + 1;
        if (number >= _caveats.Length)
        {
            var grown = new CaveatRef[_caveats.Length * 2];
            _caveats.CopyTo(grown, 0);
            Volatile.Write(ref _caveats, grown);
        }
        _caveats[number] = caveat;
        _numbers.Add(text, number);
        return number;
    }

    /// <summary>The caveat of a text that <see cref="CaveatRef.ToString"/> gave.</summary>
    public static CaveatRef Parse(string text) =>
        CaveatRef.TryParse(text, out CaveatRef caveat) ? caveat : throw new StoreFailedException($"the log is inconsistent: `{text}` is no caveat");
}
