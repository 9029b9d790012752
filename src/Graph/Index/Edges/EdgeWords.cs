using System.Runtime.CompilerServices;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>Goes through the words of one list, in the order of codes.</summary>
internal struct EdgeWords(ulong list)
{
    private ulong _list = list;
    private long _code = -1;
    private uint _current;

    public readonly uint Current => _current;

    /// <summary>How many there are, before the first move.</summary>
    public readonly int Length => EdgeList.Length(_list);

    /// <summary>The word of a list that has no other, before the first move.</summary>
    public readonly bool TryGetOnly(out uint word)
    {
        word = EdgeList.SingleOf(_list);
        return EdgeList.KindOf(_list) == EdgeList.Kind.Single;
    }

    // most lists hold one word or none; nothing is passed by reference, so that all of this stays in registers
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        if (_list == 0) return false;
        if (EdgeList.KindOf(_list) == EdgeList.Kind.Single)
        {
            _current = EdgeList.SingleOf(_list);
            _list = 0;
            return true;
        }
        if (EdgeList.Next(_list, _code) is not { } word) return false;
        (_current, _code) = (word, EdgeCode.Code(word));
        return true;
    }
}
