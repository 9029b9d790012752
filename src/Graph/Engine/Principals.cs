using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>Whether principals are active and agents answered for.</summary>
internal static class Principals
{
    public static PrincipalKind? KindOf(DecisionScope scope, ObjectKey principal) =>
        scope.Schema[principal.Type].Role is Role.Principal role ? role.Kind : null;

    public static bool IsHumanOrService(DecisionScope scope, ObjectKey principal) =>
        KindOf(scope, principal) is PrincipalKind.Human or PrincipalKind.Service;

    /// <summary>A live <c>suspended_by</c> on the principal or on a fleet it is within; the edge is <paramref name="edge"/>.</summary>
    public static bool IsSuspended(DecisionScope scope, ObjectKey principal, out LiveEdge edge)
    {
        edge = default;
        foreach (ObjectKey place in Ancestry.Containers(scope, principal, scope.Ancestors))
            if (scope.HasLive(scope.Schema[place.Type].SuspendedBy, place.Number, out edge)) return true;
        return false;
    }

    public static bool IsActiveHuman(DecisionScope scope, ObjectKey principal) =>
        KindOf(scope, principal) == PrincipalKind.Human && !IsSuspended(scope, principal, out _);

    /// <summary>The first reason why nobody answers for an agent; none if somebody does.</summary>
    public static DenialCode Unsponsored(DecisionScope scope, ObjectKey agent)
    {
        if (scope.Schema[agent.Type].Role is not Role.Principal { Sponsor: { } sponsor }) return DenialCode.None;
        if (!scope.HasLive(sponsor, agent.Number, out _)) return DenialCode.SponsorMissing;
        return SponsorSearch.Finds(scope, agent, sponsor) ? DenialCode.None : DenialCode.SponsorInactive;
    }
}
