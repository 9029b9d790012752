using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Engine.Plans;

/// <summary>What is asked of the objects behind one edge type; nothing grants when <paramref name="Target"/> is null.</summary>
internal readonly record struct Link(PlannedEdges Edges, CheckPlan? Target);

/// <summary>One object behind the edges must grant: <c>parent->view</c>, and the usersets of a relation.</summary>
internal sealed class ArrowPlan(Link[] links) : CheckPlan
{
    protected override Finding Find(DecisionScope scope, uint resource, uint region, int subtractions, int depth)
    {
        var any = Finding.No;
        foreach (ref readonly Link link in links.AsSpan())
        {
            if (link.Target is not { } target) continue;
            EdgeWords words = link.Edges.Of(resource);
            while (!any.IsMember && words.MoveNext())
                any = Finding.Or(any, Follow(link.Edges, target, scope, resource, words.Current, region, subtractions, depth));
        }
        return any;
    }

    /// <summary>What the object behind an edge says, if the edge is live and its caveat may hold.</summary>
    private static Finding Follow(
        PlannedEdges edges, CheckPlan target, DecisionScope scope, uint resource, uint word, uint region, int subtractions, int depth)
    {
        scope.Step();
        uint subject = EdgeCode.Number(word);
        Mark mark = scope.Here();
        Finding holds = edges.Holds(scope, resource, subject, word);
        if (holds.IsNotMember) return holds;
        return scope.Settle(mark, Finding.And(holds, target.Check(scope, subject, region, subtractions, depth)));
    }
}

/// <summary>Every object behind the edges must grant, and every caveat on the way hold, as in SpiceDB: one that is false denies.</summary>
internal sealed class AllArrowPlan(Link[] links) : CheckPlan
{
    protected override Finding Find(DecisionScope scope, uint resource, uint region, int subtractions, int depth)
    {
        var all = Finding.Yes;
        bool isEmpty = true;
        foreach (Link link in links)
        {
            EdgeListWalk walk = link.Edges.Seen(resource, scope.Revision);
            while (!all.IsNotMember && walk.MoveNext())
            {
                scope.Step();
                Instant change = walk.Current.Window.NextChange(scope.Now);
                all = all.Before(change);
                if (!walk.Current.Window.Contains(scope.Now)) continue;
                isEmpty = false;
                all = Finding.And(all, Grants(link, scope, walk.Current, subtractions, depth).Before(change));
            }
        }
        return isEmpty ? Finding.No.Before(all.Until) : all;
    }

    private static Finding Grants(in Link link, DecisionScope scope, in EdgeVersion edge, int subtractions, int depth)
    {
        Mark mark = scope.Here();
        var holds = new Finding(scope.Judge(edge.Caveat), Instant.Never);
        link.Edges.Keep(scope, edge);
        Finding grants = link.Target?.Check(scope, edge.Subject, scope.NewRegion(), subtractions, depth) ?? Finding.No;
        return scope.Settle(mark, Finding.And(holds, grants));
    }
}
