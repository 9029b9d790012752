using System.Runtime.Intrinsics.X86;
using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// Runs from a leaf hop to the root ahead of the walk that judges them, so that the walk waits about once a hop instead of once an edge:
///
/// <code>
///   hop ──► hop above it ──► …                               each told by one edge, waited for
///    └──► its edges ──► principals, task, window ──► theirs   asked of the processor, not waited for
///   resource ──► what it is within ──► …                     beside it
/// </code>
///
/// It decides nothing: of what is unusual (several parents, several delegates) it fetches the less.
/// </summary>
internal static class ChainAhead
{
    private const int MostSteps = 8;

    public static void Fetch(DecisionScope scope, in ResolvedQuestion question, ObjectKey leaf)
    {
        if (!Sse.IsSupported) return;
        TypePlans types = scope.Types;
        (ObjectKey? hop, ObjectKey? below, ObjectKey? further, ObjectKey? place) = (leaf, null, null, question.Resource);
        for (int step = 0; step < MostSteps && (hop ?? below ?? further ?? place) is not null; step++)
        {
            if (hop is { } at) types[at.Type].Hop?.Prefetch(at.Number, question.Member);
            if (place is { } inner) PrefetchAll(types[inner.Type].Within, inner.Number);
            ObjectKey? above = hop is { } child ? types[child.Type].Hop?.Parent.Only(child.Number) : null;
            if (below is { } known) FetchBehind(types, known);
            if (further is { } told) FetchFurther(types, told);
            place = place is { } within ? Outer(types, within) : null;
            (hop, below, further) = (above, hop, below);
        }
    }

    /// <summary>Once the edges of a hop are there: where the edges of its principals and of its task are told, and where its window is.</summary>
    private static void FetchBehind(TypePlans types, ObjectKey hop)
    {
        if (types[hop.Type].Hop is not { } plan) return;
        plan.Delegate.PrefetchVersions(hop.Number);
        plan.InTask.PrefetchVersions(hop.Number);
        if (plan.Delegator.Only(hop.Number) is { } delegator) FetchPrincipal(types, delegator);
        if (plan.InTask.Only(hop.Number) is { } task && types[task.Type].Task is { } open)
        {
            open.OpenedBy.Prefetch(task.Number);
            open.ClosedBy.Prefetch(task.Number);
            open.Parent.Prefetch(task.Number);
        }
    }

    /// <summary>Once those are there too.</summary>
    private static void FetchFurther(TypePlans types, ObjectKey hop)
    {
        if (types[hop.Type].Hop is not { } plan) return;
        if (plan.Delegator.Only(hop.Number) is { } delegator && types[delegator.Type].Sponsor is { } sponsor && types[sponsor.Id].Only(delegator.Number) is { } human) FetchPrincipal(types, human);
        if (plan.InTask.Only(hop.Number) is { } task && types[task.Type].Task is { } open) open.OpenedBy.PrefetchVersions(task.Number);
    }

    private static void FetchPrincipal(TypePlans types, ObjectKey principal)
    {
        TypePlan plan = types[principal.Type];
        plan.SuspendedBy.Prefetch(principal.Number);
        if (plan.Sponsor is { } sponsor) types[sponsor.Id].Prefetch(principal.Number);
    }

    private static ObjectKey? Outer(TypePlans types, ObjectKey place)
    {
        foreach (PlannedRelation relation in types[place.Type].Within)
            if (relation.Only(place.Number) is { } outer) return outer;
        return null;
    }

    private static void PrefetchAll(PlannedRelation[] relations, uint resource)
    {
        foreach (PlannedRelation relation in relations) relation.Prefetch(resource);
    }
}
