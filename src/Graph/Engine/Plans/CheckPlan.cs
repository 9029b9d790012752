namespace AuthzGraph.Graph.Engine.Plans;

/// <summary>
/// How it is decided whether the subject of a scope is in one set of a resource: a part of a rewrite with the edges it reads at hand, made
/// when a schema is bound. Depth first, in the schema's order.
///
/// A <b>region</b> is a part of the search in which one success settles the whole part: unions, usersets, arrows. What
/// a region has seen fail is not tried again there. The operands of intersections, exclusions and <c>.all</c> are regions
/// of their own, because their success settles nothing by itself. <c>subtractions</c> counts the subtracted sides entered so far,
/// <c>depth</c> the members that are being evaluated.
/// </summary>
internal abstract class CheckPlan
{
    public Finding Check(DecisionScope scope, uint resource, uint region, int subtractions, int depth)
    {
        if (!scope.Traces) return Find(scope, resource, region, subtractions, depth);
        Mark mark = scope.Here();
        return scope.Settle(mark, Find(scope, resource, region, subtractions, depth));
    }

    protected abstract Finding Find(DecisionScope scope, uint resource, uint region, int subtractions, int depth);
}

/// <summary>How much a scope had kept when a branch began.</summary>
internal readonly record struct Mark(int Witness, int Missing);
