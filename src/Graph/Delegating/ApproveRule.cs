using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Delegating;

/// <summary>An active human approves a live hop if it lends something by itself on which that human holds every approval asked for, now.</summary>
internal static class ApproveRule
{
    public static IReadOnlyList<TupleUpdate> Run(Ground ground, ApproveRequest request)
    {
        ObjectKey hop = HopLook.Find(ground, request.Delegation);
        HopPlan plan = HopLook.PlanOf(ground, hop);
        if (!plan.Approver.IsDeclared) throw DelegationRejections.NotDeclared(request.Delegation, "approver");
        ObjectKey approver = ground.Actor(request.By.As);
        if (Principals.KindOf(ground.Scope, approver) != PrincipalKind.Human) throw DelegationRejections.ApproverNotHuman(request.By.As);
        if (plan.RevokedBy.HasLive(ground.Scope, hop.Number, out LiveEdge revocation)) throw ground.Refusal(DenialCode.Revoked, hop, fact: revocation);
        Window life = LifeOf(ground, plan, hop);
        ExpectHolds(ground, request.Delegation, hop, approver);
        var tuple = new RelationTuple(request.Delegation, "approver", new SubjectRef(request.By.As));
        return [new TupleUpdate(UpdateKind.Touch, tuple with { Window = WindowOf(ground, tuple, request.ExpiresAt, life) })];
    }

    /// <summary>One that has yet to begin can be approved, one that has ended can't.</summary>
    private static Window LifeOf(Ground ground, HopPlan plan, ObjectKey hop)
    {
        LiveEdge ended = default;
        EdgeWalk walk = plan.Delegate.Walk(hop.Number, ground.Scope.Revision);
        while (walk.MoveNext())
        {
            ground.Scope.Step();
            if (ground.Now < walk.Window.ExpiresAt) return walk.Window;
            ended = walk.Edge;
        }
        throw ground.Refusal(DenialCode.Expired, hop, fact: ended);
    }

    private static void ExpectHolds(Ground ground, ObjectRef delegation, ObjectKey hop, ObjectKey approver)
    {
        ObjectKey? lacking = null;
        foreach ((ObjectKey resource, DelegableRule rule) in Asking(ground, hop))
        {
            Finding holds = HopRules.HoldsAll(ground.Scope, resource, rule, new SubjectKey(approver));
            if (holds.Truth == Truth.Unknown) throw ground.Scope.TakeFault();
            if (!holds.IsNotMember) return;
            lacking ??= resource;
        }
        throw lacking is { } about ? ground.Refusal(DenialCode.NoPermission, about) : DelegationRejections.NothingToApprove(delegation);
    }

    /// <summary>What the hop lends on an object itself for which the schema asks approval.</summary>
    private static IEnumerable<(ObjectKey Resource, DelegableRule Rule)> Asking(Ground ground, ObjectKey hop)
    {
        if (ground.Schema[hop.Type].Role is not Role.Delegation role) yield break;
        foreach ((string permission, MemberId lent) in role.Lent)
            foreach (LiveEdge edge in ground.Live(ground.Scope.Types[lent], hop))
            {
                bool isObject = ground.Schema[edge.Type].Kind == SubjectKind.Object;
                Member? member = isObject ? ground.Schema.FindMember(edge.Subject.Type, permission) : null;
                if (member?.Delegable is { Approvals.IsEmpty: false } rule) yield return (edge.Subject, rule);
            }
    }

    private static Window WindowOf(Ground ground, RelationTuple tuple, Instant? end, Window life)
    {
        if (end is { } asked) return asked > ground.Now ? new Window(ground.Now, asked) : throw DelegationRejections.NotLasting();
        return EdgeTraits.MayBeEndless(ground.Schema, tuple) ? Window.Always : new Window(ground.Now, life.ExpiresAt);
    }
}
