namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// When each block of places was last written to, so that what is new among millions of records is found without a look at the
/// others. Writer only.
/// </summary>
internal sealed class NewBlocks
{
    public const int Places = 1 << Bits;

    private const int Bits = 10;

    private readonly List<ulong> _newest = [];

    /// <summary>A record that a revision created is at a place now.</summary>
    public void Note(uint place, ulong revision)
    {
        int block = (int)(place >> Bits);
        while (_newest.Count <= block) _newest.Add(0);
        _newest[block] = Math.Max(_newest[block], revision);
    }

    /// <summary>The first places of blocks that were written to after a revision. There may be writes while it is enumerated.</summary>
    public IEnumerable<uint> WrittenSince(ulong revision)
    {
        for (int block = 0; block < _newest.Count; block++)
            if (_newest[block] > revision) yield return (uint)block << Bits;
    }
}
