using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Delegating;

/// <summary>A hop is taken back by a delegator of its chain, by one who answers for an agent of it, or by an administrator; once.</summary>
internal static class RevokeRule
{
    public static IReadOnlyList<TupleUpdate> Run(Ground ground, RevokeRequest request)
    {
        ObjectKey hop = HopLook.Find(ground, request.Delegation);
        HopPlan plan = HopLook.PlanOf(ground, hop);
        if (!plan.RevokedBy.IsDeclared) throw DelegationRejections.NotDeclared(request.Delegation, "revoked_by");
        ObjectKey revoker = ground.Actor(request.By.As);
        if (request.By.Standing != Standing.Administrator && !Concerns(ground, hop, revoker))
            throw DelegationRejections.NotAParty(request.By.As, request.Delegation, "a delegator of its chain, or one who answers for an agent of it,");
        if (plan.RevokedBy.HasLive(ground.Scope, hop.Number, out _)) return [];
        return [new TupleUpdate(UpdateKind.Touch, new RelationTuple(request.Delegation, "revoked_by", new SubjectRef(request.By.As)))];
    }

    /// <summary>Whether somebody has a say over a hop, whatever the chain's state.</summary>
    public static bool Concerns(Ground ground, ObjectKey hop, ObjectKey principal)
    {
        HopLook.Walk(ground, hop);
        List<ObjectKey> agents = [];
        for (int i = 0; i < ground.Chain.Count; i++)
        {
            foreach (LiveEdge delegator in ground.Live(ground.Chain[i].Plan.Delegator, ground.Chain[i].Key))
                if (delegator.Subject == principal) return true;
            agents.AddRange(ground.Live(ground.Chain[i].Plan.Delegate, ground.Chain[i].Key).Select(edge => edge.Subject));
        }
        return agents.Any(agent => ground.AnswersFor(principal, agent));
    }
}
