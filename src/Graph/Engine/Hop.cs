using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Engine;

/// <summary>One hop of a chain as it was read.</summary>
internal record struct Hop(ObjectKey Key, HopPlan Plan)
{
    /// <summary>Its one live delegator; null when there is none or several.</summary>
    public ObjectKey? Delegator { get; set; }

    /// <summary>Its one live task; null when there is none or several.</summary>
    public ObjectKey? Task { get; set; }

    /// <summary>How many live delegators, delegates or tasks there are, whichever is most.</summary>
    public int MostOfOneKind { get; set; }

    /// <summary>The last live edge to a delegate, whoever it is.</summary>
    public LiveEdge LiveDelegate { get; set; }

    /// <summary>pᵢ: who holds this hop in the chain at hand.</summary>
    public ObjectKey Delegate { get; set; }

    /// <summary>The edge to <see cref="Delegate"/>, if it is known.</summary>
    public LiveEdge DelegateEdge { get; set; }
}

/// <summary>The hops of one chain: in place, so that reading and judging copy nothing.</summary>
internal sealed class Chain
{
    private Hop[] _hops = new Hop[8];

    public int Count { get; private set; }

    public ref Hop this[int index] => ref _hops[index];

    /// <summary>The hop nearest to the presenter.</summary>
    public ref Hop Leaf => ref _hops[Count - 1];

    public void Clear() => Count = 0;

    public ref Hop Add(Hop hop)
    {
        if (Count == _hops.Length) Array.Resize(ref _hops, Count * 2);
        _hops[Count] = hop;
        return ref _hops[Count++];
    }

    public void Reverse() => Array.Reverse(_hops, 0, Count);

    public bool Contains(ObjectKey hop)
    {
        for (int i = 0; i < Count; i++)
            if (_hops[i].Key == hop) return true;
        return false;
    }
}

/// <summary>What became of a decision or of one candidate chain. The fact it rests on, if it rests on one, is the scope's.</summary>
/// <param name="Step">How far it got, by the numbers of docs/decisions/0001: to choose among denials.</param>
/// <param name="Hop">The hop to blame, counted from the root at 1; 0: none.</param>
internal readonly record struct Verdict(DenialCode Code, byte Step, ushort Hop, ObjectKey Object)
{
    public static Verdict Permit => default;

    public bool IsPermit => Code == DenialCode.None;
}
