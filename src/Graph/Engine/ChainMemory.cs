using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// The chain at hand of one scope, and those that it met twice before, so that one that still holds is not walked again; one that is met
/// once costs no more than its walk. A part of a chain is judged so:
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
    private readonly (uint Kept, uint Met)[] _hashes = new (uint, uint)[remembers ? Length : 0];    // of each place's chain, and of the one met last
    private ChainMemo? _current;
    private int _part;
    private Instant _before;

    /// <summary>
    /// The hops of the chain at hand. INVARIANT: what is remembered is not written over: whoever walks a chain without <see cref="Open"/> does so
    /// after <see cref="Clear"/>, in the scope's own.
    /// </summary>
    public Chain Chain => Current.Chain;

    private ChainMemo Current => _current ?? _own;

    /// <summary>Whether what is read is to be told: of a chain that is to be remembered.</summary>
    public bool Learns { get; private set; }

    /// <summary>There is no chain at hand.</summary>
    public void Clear()
    {
        (_current, Learns, _part) = (null, false, 0);
        _own.Chain.Clear();
    }

    /// <summary>Another schema: what was known is of another one.</summary>
    public void Forget()
    {
        Array.Clear(_memos);
        Array.Clear(_hashes);
    }

    /// <summary>The chain at hand is the one from a leaf up that its presenter shows. One whose evidence is asked for is walked again.</summary>
    public void Open(DecisionScope scope, ObjectKey leaf, ObjectKey presenter)
    {
        (Learns, _part) = (false, 0);
        _current = remembers && !scope.Explains ? MemoOf(leaf, presenter) ?? _own : _own;
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
        (Learns, _before, scope.Until) = (Current != _own, scope.Until, Instant.Never);
        return false;
    }

    /// <summary>A part was judged.</summary>
    /// <param name="isLast">Whether there is no other.</param>
    public Verdict Learn(DecisionScope scope, Verdict verdict, bool isLast = false)
    {
        if (verdict.IsPermit) Current.Add(scope.Until, isLast);
        scope.Consult(_before);
        Learns = false;
        return verdict;
    }

    /// <summary>The edges of an object were read, or looked for in vain.</summary>
    /// <param name="place">Where the object's mark is.</param>
    public void Read(int place) => Current.Read(place);

    /// <summary>Edges were read of objects that are not told: the chain at hand is not remembered.</summary>
    public void ReadMore()
    {
        if (Learns) Current.ReadMore();
    }

    /// <summary>Where a chain is remembered, or is to be now; null when it is met for the first time.</summary>
    private ChainMemo? MemoOf(ObjectKey leaf, ObjectKey presenter)
    {
        uint hash = (leaf.Number * 0x9E37_79B1u) ^ (presenter.Number * 0x85EB_CA6Bu) ^ (uint)leaf.Type.Value;
        hash ^= hash >> 15;
        uint place = hash & (Length - 1);
        ref (uint Kept, uint Met) hashes = ref _hashes[place];
        if (hashes.Kept == hash) return _memos[place];
        bool isMetAgain = hashes.Met == hash;
        hashes = isMetAgain ? (hash, hash) : (hashes.Kept, hash);
        return isMetAgain ? _memos[place] ??= new ChainMemo() : null;
    }
}
