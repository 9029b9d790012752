using System.Diagnostics.CodeAnalysis;
using AuthzGraph.Graph.Index.Edges;

namespace AuthzGraph.Graph.Index;

/// <summary>Goes through the visible versions of one list.</summary>
internal struct EdgeListWalk
{
    private readonly EdgeStore _store;
    private readonly ulong _list;
    private readonly uint _from;
    private readonly ulong _revision;
    private readonly bool _reverse;
    private long _code;
    private EdgeVersion _current;

    public EdgeListWalk(EdgeStore store, Adjacency lists, uint from, ulong revision, uint? after, bool reverse)
    {
        (_store, _from, _revision, _reverse) = (store, from, revision, reverse);
        _list = from > EdgeCode.MaxNumber ? 0 : lists.List(from);
        _code = after is { } number ? EdgeCode.Code(EdgeCode.Word(number)) : -1;
    }

    [UnscopedRef]
    public readonly ref readonly EdgeVersion Current => ref _current;

    public bool MoveNext()
    {
        while (EdgeList.Next(_list, _code) is { } word)
        {
            _code = EdgeCode.Code(word);
            uint to = EdgeCode.Number(word);
            if (_store.See(_reverse ? to : _from, _reverse ? _from : to, word, _revision, out _current)) return true;
        }
        return false;
    }
}
