using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Engine;

/// <summary>One hop of a chain as it was read.</summary>
internal struct Hop
{
    public ObjectKey Key;
    public HopPlan Plan;

    /// <summary>Its one live delegator; null when there is none or several.</summary>
    public ObjectKey? Delegator;

    /// <summary>Its one live task; null when there is none or several.</summary>
    public ObjectKey? Task;

    /// <summary>How many live delegators, delegates or tasks there are, whichever is most.</summary>
    public int MostOfOneKind;

    /// <summary>The last live edge to a delegate, whoever it is.</summary>
    public LiveEdge LiveDelegate;

    /// <summary>pᵢ: who holds this hop in the chain at hand.</summary>
    public ObjectKey Delegate;

    /// <summary>The edge to <see cref="Delegate"/>, if it is known.</summary>
    public LiveEdge DelegateEdge;
}

/// <summary>The hops of one chain, walked from the leaf up and numbered from the root down: in place, so that reading and judging copy nothing.</summary>
internal sealed class Chain
{
    private Hop[] _hops = new Hop[8];

    public int Count { get; private set; }

    /// <summary>A hop, 0 being the one nearest to the root of those walked so far.</summary>
    public ref Hop this[int index] => ref _hops[Count - 1 - index];

    /// <summary>The hop nearest to the presenter.</summary>
    public ref Hop Leaf => ref _hops[0];

    public void Clear() => Count = 0;

    /// <summary>One hop further up; its edges are yet to be read.</summary>
    public ref Hop Add(ObjectKey key, HopPlan plan)
    {
        if (Count == _hops.Length) Array.Resize(ref _hops, Count * 2);
        ref Hop hop = ref _hops[Count++];
        (hop.Key, hop.Plan, hop.Delegate, hop.DelegateEdge) = (key, plan, default, default);
        return ref hop;
    }

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
