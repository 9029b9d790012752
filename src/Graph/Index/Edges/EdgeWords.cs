namespace AuthzGraph.Graph.Index.Edges;

/// <summary>Goes through the words of one list, in the order of codes.</summary>
internal struct EdgeWords(ulong list)
{
    private long _code = -1;
    private uint _current;

    public readonly uint Current => _current;

    public bool MoveNext() => EdgeList.Next(list, ref _code, out _current);
}
