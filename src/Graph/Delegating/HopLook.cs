using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Delegating;

/// <summary>A hop that is there, looked at whatever its state.</summary>
internal static class HopLook
{
    /// <exception cref="RejectionException">There is none.</exception>
    public static ObjectKey Find(Ground ground, ObjectRef hop)
    {
        ObjectKey key = ground.Key(hop);
        if (ground.Scope.Types[key.Type].Hop is not { } plan) throw DelegationRejections.NotOfRole(hop, "delegation");
        bool isThere = plan.Delegator.HasKnown(ground.Scope, key.Number) || plan.Delegate.HasKnown(ground.Scope, key.Number);
        return isThere ? key : throw DelegationRejections.NotFound(hop, "delegation");
    }

    public static HopPlan PlanOf(Ground ground, ObjectKey hop) =>
        ground.Scope.Types[hop.Type].Hop ?? throw new InvariantException("a hop that was found is of a delegation type");

    /// <summary>Leaves the chain up from the hop in the scope, as far as it can be walked, and says what was wrong with it.</summary>
    public static Verdict Walk(Ground ground, ObjectKey hop) => ChainWalk.Walk(ground.Scope, hop, DelegateOf(ground, hop));

    /// <summary>To whom the hop was given: the live delegate or, without one, one it had or will have.</summary>
    private static ObjectKey DelegateOf(Ground ground, ObjectKey hop)
    {
        ObjectKey known = default;
        EdgeWalk walk = PlanOf(ground, hop).Delegate.Walk(hop.Number, ground.Scope.Revision);
        while (walk.MoveNext())
        {
            ground.Scope.Step();
            if (walk.Window.Contains(ground.Now)) return walk.Subject;
            if (ground.Scope.Remembers(walk.Window)) known = walk.Subject;
        }
        return known;
    }
}
