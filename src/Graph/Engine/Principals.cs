using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>Whether principals are active and agents answered for.</summary>
internal static class Principals
{
    public static PrincipalKind? KindOf(DecisionScope scope, ObjectKey principal) => scope.Types[principal.Type].Kind;

    public static bool IsHumanOrService(DecisionScope scope, ObjectKey principal) =>
        KindOf(scope, principal) is PrincipalKind.Human or PrincipalKind.Service;

    /// <summary>A live <c>suspended_by</c> on the principal or on a fleet it is within; the edge is <paramref name="edge"/>.</summary>
    public static bool IsSuspended(DecisionScope scope, ObjectKey principal, out LiveEdge edge)
    {
        edge = default;
        TypePlan plan = scope.Types[principal.Type];
        if (!plan.MayBeSuspended) return false;
        if (plan.Within.Length == 0) return plan.SuspendedBy.HasLive(scope, principal.Number, out edge);
        foreach (ObjectKey place in Ancestry.Containers(scope, principal, scope.Ancestors))
            if (scope.Types[place.Type].SuspendedBy.HasLive(scope, place.Number, out edge)) return true;
        return false;
    }

    public static bool IsActiveHuman(DecisionScope scope, ObjectKey principal) =>
        KindOf(scope, principal) == PrincipalKind.Human && !IsSuspended(scope, principal, out _);

    /// <summary>The first reason why nobody answers for an agent; none if somebody does.</summary>
    public static DenialCode Unsponsored(DecisionScope scope, ObjectKey agent)
    {
        if (scope.Types[agent.Type].Sponsor is not { } sponsor) return DenialCode.None;
        if (SponsorSearch.Finds(scope, agent, sponsor)) return DenialCode.None;
        return scope.Types[sponsor.Id].HasLive(scope, agent.Number, out _) ? DenialCode.SponsorInactive : DenialCode.SponsorMissing;
    }
}
