using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Engine;

/// <summary>Walks from a leaf hop along <c>parent</c> to the root's hop (docs/decisions/0001, "Walk").</summary>
internal static class ChainWalk
{
    /// <summary>Leaves the chain in the scope's <c>Chain</c>, root first, and says whether it is whole.</summary>
    public static Verdict Walk(DecisionScope scope, ObjectKey leaf, ObjectKey presenter)
    {
        Chain chain = scope.Chain;
        chain.Clear();
        Verdict fault = Climb(scope, leaf, presenter, chain);
        chain.Reverse();
        if (fault.IsPermit) NameDelegates(scope, presenter, chain);
        return fault;
    }

    private static Verdict Climb(DecisionScope scope, ObjectKey leaf, ObjectKey presenter, Chain chain)
    {
        ObjectKey current = leaf;
        while (true)
        {
            if (scope.Types[current.Type].Hop is not { } plan) return Fault(scope, DenialCode.HopUnknown, current);
            ref Hop hop = ref chain.Add(new Hop(current, plan));
            if (!Read(scope, ref hop)) return Fault(scope, DenialCode.HopUnknown, current);
            if (chain.Count == 1 && !IsKnownDelegate(scope, hop, presenter)) return scope.Deny(DenialCode.PresenterMismatch, 1, 1, current);
            int parents = plan.Parent.CountLive(scope, current.Number, out LiveEdge parent);
            if (parents > 1) return Fault(scope, DenialCode.HopAmbiguous, current);
            if (parents == 0) return plan.Parent.HasKnown(scope, current.Number) ? Fault(scope, DenialCode.CustodyBroken, current) : Verdict.Permit;
            if (chain.Contains(parent.Subject)) return Fault(scope, DenialCode.Cycle, current);
            if (chain.Count >= scope.Limits.ChainHops) return Fault(scope, DenialCode.DepthExceeded, current);
            current = parent.Subject;
        }
    }

    private static Verdict Fault(DecisionScope scope, DenialCode code, ObjectKey hop) => scope.Deny(code, 2, 1, hop);

    /// <summary>Fills in what its edges say; false when it has neither a known delegator nor a known delegate.</summary>
    private static bool Read(DecisionScope scope, ref Hop hop)
    {
        uint number = hop.Key.Number;
        int delegators = hop.Plan.Delegator.CountLive(scope, number, out LiveEdge delegator);
        int delegates = hop.Plan.Delegate.CountLive(scope, number, out LiveEdge delegated);
        int tasks = hop.Plan.InTask.CountLive(scope, number, out LiveEdge task);
        hop.Delegator = delegators == 1 ? delegator.Subject : null;
        hop.Task = tasks == 1 ? task.Subject : null;
        hop.LiveDelegate = delegated;
        hop.MostOfOneKind = Math.Max(Math.Max(delegators, delegates), tasks);
        return delegators + delegates > 0 || hop.Plan.Delegator.HasKnown(scope, number) || hop.Plan.Delegate.HasKnown(scope, number);
    }

    private static void NameDelegates(DecisionScope scope, ObjectKey presenter, Chain chain)
    {
        for (int i = 0; i < chain.Count; i++)
        {
            ref Hop hop = ref chain[i];
            hop.Delegate = i + 1 < chain.Count ? chain[i + 1].Delegator ?? default : presenter;
            bool isKnown = TryFindDelegate(scope, hop, hop.Delegate, out LiveEdge edge) && scope.Remembers(edge.Window);
            hop.DelegateEdge = isKnown ? edge : default;
        }
    }

    /// <summary>Whether a principal is among the known delegates of a hop.</summary>
    public static bool IsKnownDelegate(DecisionScope scope, in Hop hop, ObjectKey principal)
    {
        if (!TryFindDelegate(scope, hop, principal, out LiveEdge edge)) return false;
        scope.Consult(edge.Window.NextChange(scope.Now));
        return scope.IsKnown(edge.Window);
    }

    private static bool TryFindDelegate(DecisionScope scope, in Hop hop, ObjectKey principal, out LiveEdge edge)
    {
        edge = hop.LiveDelegate;
        return !edge.IsNone && edge.Subject == principal || hop.Plan.Delegate.TryFind(scope, hop.Key.Number, principal, out edge);
    }
}
