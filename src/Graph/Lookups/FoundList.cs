using System.Collections.Immutable;
using System.Text;
using AuthzGraph.Graph.Index;

namespace AuthzGraph.Graph.Lookups;

/// <summary>
/// The results of one slice, by number and then by name: ids are copied in UTF-8 while the slice's epoch lasts. The first slices are small, so
/// that the first result need not wait for many others.
/// </summary>
internal sealed class FoundList
{
    private const int FirstSize = 8;
    private const int Size = 256;

    private readonly uint[] _numbers = new uint[Size];
    private readonly ImmutableArray<string>[] _missing = new ImmutableArray<string>[Size];
    private readonly int[] _ends = new int[Size];
    private byte[] _text = new byte[4096];
    private int _most;

    public int Count { get; private set; }

    public bool IsFull => Count >= _most;

    /// <summary>Makes room for the first slice of a lookup.</summary>
    public void Begin()
    {
        _most = FirstSize;
        Count = 0;
    }

    /// <summary>Makes room for the next slice.</summary>
    public void Clear()
    {
        _most = Math.Min(_most * 4, Size);
        Count = 0;
    }

    /// <param name="missing">Empty: it holds whatever the context.</param>
    public void Add(uint number, ImmutableArray<string> missing)
    {
        if (Count == _numbers.Length) throw new Model.InvariantException("a full list takes no more");
        (_numbers[Count], _missing[Count]) = (number, missing);
        Count++;
    }

    public uint Number(int index) => _numbers[index];

    public ImmutableArray<string> Missing(int index) => _missing[index];

    public ReadOnlySpan<byte> Text(int index)
    {
        int start = index == 0 ? 0 : _ends[index - 1];
        return _text.AsSpan(start, _ends[index] - start);
    }

    /// <summary>Copies the names of all results.</summary>
    /// <param name="made">The number that stands for a name that no table holds, and that name.</param>
    public void Name(NameTable names, (uint Number, string Id)? made)
    {
        int end = 0;
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<byte> name = _numbers[i] switch
            {
                EdgeStore.Wildcard => "*"u8,
                var number when made is { } known && number == known.Number => Encoding.UTF8.GetBytes(known.Id),
                var number => names.TextOf(number),
            };
            while (_text.Length < end + name.Length) Array.Resize(ref _text, _text.Length * 2);
            name.CopyTo(_text.AsSpan(end));
            _ends[i] = end += name.Length;
        }
    }
}
