using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// The chain at hand of one scope, and those that it met before, so that one that still holds is not walked again. A part of a chain is judged so:
///
/// <code>
///   if (memory.Knows(scope)) go on;                  // it held, and does
///   verdict = memory.Learn(scope, judge it);         // facts read in between are what it rests on
/// </code>
/// </summary>
/// <param name="remembers">Whether chains are kept at all.</param>
internal sealed class ChainMemory(bool remembers)
{
    private const int Length = 1024;

    private readonly ChainMemo _own = new();
    private readonly ChainMemo?[] _memos = new ChainMemo?[remembers ? Length : 0];
    private ChainMemo? _current;
    private bool _learns;
    private int _part;
    private Instant _before;

    /// <summary>
    /// The hops of the chain at hand. INVARIANT: what is remembered is not written over: whoever walks a chain without <see cref="Open"/> does so
    /// after <see cref="Clear"/>, in the scope's own.
    /// </summary>
    public Chain Chain => Current.Chain;

    private ChainMemo Current => _current ?? _own;

    /// <summary>There is no chain at hand.</summary>
    public void Clear()
    {
        (_current, _learns, _part) = (null, false, 0);
        _own.Chain.Clear();
    }

    /// <summary>Another schema: what was known is of another one.</summary>
    public void Forget() => Array.Clear(_memos);

    /// <summary>The chain at hand is the one from a leaf up that its presenter shows. One whose evidence is asked for is walked again.</summary>
    public void Open(DecisionScope scope, ObjectKey leaf, ObjectKey presenter)
    {
        (_learns, _part) = (false, 0);
        _current = remembers && !scope.Explains ? MemoOf(leaf, presenter) : _own;
        if (_current == _own || !_current.Holds(scope, scope.Marks, leaf, presenter)) _current.Begin(scope, leaf, presenter);
    }

    /// <summary>Whether the next part of the chain is known to hold. If not, it is to be judged now.</summary>
    public bool Knows(DecisionScope scope)
    {
        if (Current.IsWhole)
        {
            scope.Consult(Current.ChangeOf(_part++));
            return true;
        }
        (_learns, _before, scope.Until) = (true, scope.Until, Instant.Never);
        return false;
    }

    /// <summary>A part was judged.</summary>
    /// <param name="isLast">Whether there is no other.</param>
    public Verdict Learn(DecisionScope scope, Verdict verdict, bool isLast = false)
    {
        if (verdict.IsPermit) Current.Add(scope.Until, isLast);
        scope.Consult(_before);
        _learns = false;
        return verdict;
    }

    /// <summary>The edges of an object were read, or looked for in vain.</summary>
    /// <param name="place">Where the object's mark is.</param>
    public void Read(int place)
    {
        if (_learns) Current.Read(place);
    }

    /// <summary>Edges were read of objects that are not told: the chain at hand is not remembered.</summary>
    public void ReadMore()
    {
        if (_learns) Current.ReadMore();
    }

    private ChainMemo MemoOf(ObjectKey leaf, ObjectKey presenter)
    {
        uint hash = (leaf.Number * 0x9E37_79B1u) ^ (presenter.Number * 0x85EB_CA6Bu) ^ (uint)leaf.Type.Value;
        return _memos[(hash ^ hash >> 15) & (Length - 1)] ??= new ChainMemo();
    }
}
