using System.Collections.Immutable;
using System.Text;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>One text in place of several pieces of another; pieces in order, none within another.</summary>
internal sealed class Replacement
{
    private readonly ImmutableArray<TextSpan> _pieces;
    private readonly string _by;
    private readonly int[] _shifts;     // [n]: how far what stands behind n pieces moves

    public Replacement(ImmutableArray<TextSpan> pieces, string by)
    {
        _pieces = pieces;
        _by = by;
        _shifts = new int[pieces.Length + 1];
        for (int i = 0; i < pieces.Length; i++) _shifts[i + 1] = _shifts[i] + by.Length - pieces[i].Length;
    }

    public string In(string text)
    {
        StringBuilder result = new();
        int copied = 0;
        foreach (TextSpan piece in _pieces)
        {
            result.Append(text, copied, piece.Start - copied).Append(_by);
            copied = piece.End;
        }
        return result.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>Where an offset is afterwards, which starts a piece or is in none.</summary>
    public int Moved(int offset)
    {
        int low = 0, high = _pieces.Length;     // how many pieces start before it
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_pieces[middle].Start < offset) low = middle + 1;
            else high = middle;
        }
        return offset + _shifts[low];
    }
}
