using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Engine.Plans;

/// <summary>What is asked of the objects behind one edge type; nothing grants when <paramref name="Target"/> is null.</summary>
internal readonly record struct Link(PlannedEdges Edges, CheckPlan? Target);

/// <summary>One object behind the edges must grant: <c>parent->view</c>, and the usersets of a relation.</summary>
internal sealed class ArrowPlan(Link[] links) : BranchingPlan
{
    protected override Finding Find(DecisionScope scope, uint resource, Place place)
    {
        var any = Finding.No;
        foreach (ref readonly Link link in links.AsSpan())
        {
            if (link.Target is not { } target) continue;
            EdgeWords words = link.Edges.Of(resource);
            while (!any.IsMember && words.MoveNext())
                any = Finding.Or(any, Follow(link.Edges, target, scope, resource, words.Current, place));
        }
        return any;
    }

    /// <summary>What the object behind an edge says, if the edge is live and its caveat may hold.</summary>
    private static Finding Follow(PlannedEdges edges, CheckPlan target, DecisionScope scope, uint resource, uint word, Place place)
    {
        scope.Step();
        return !scope.Traces && edges.IsSeen(scope, resource, word)
            ? target.Check(scope, EdgeCode.Number(word), place)
            : FollowJudged(edges, target, scope, resource, word, place);
    }

    private static Finding FollowJudged(PlannedEdges edges, CheckPlan target, DecisionScope scope, uint resource, uint word, Place place)
    {
        uint subject = EdgeCode.Number(word);
        Mark mark = scope.Here();
        Finding holds = edges.Holds(scope, resource, subject, word);
        if (holds.IsNotMember) return holds;
        // behind an open caveat a success settles nothing, so what fails there because of a cycle may hold elsewhere: a region of its own
        Place beyond = holds.IsMember ? place : place.In(scope.NewRegion());
        return scope.Settle(mark, Finding.And(holds, target.Check(scope, subject, beyond)));
    }

    public override void Prefetch(in Ahead ahead, uint resource, int step)
    {
        foreach (ref readonly Link link in links.AsSpan())
        {
            if (link.Target is not { } target) continue;
            if (step == 0) link.Edges.Store.Prefetch(resource);
            else if (link.Edges.Of(resource).TryGetOnly(out uint word)) target.Prefetch(ahead, EdgeCode.Number(word), step - 1);
            else if (step == 1) link.Edges.Store.Prefetch(resource, ahead.Subject);
        }
    }
}

/// <summary>Every object behind the edges must grant, and every caveat on the way hold, as in SpiceDB: one that is false denies.</summary>
internal sealed class AllArrowPlan(Link[] links) : BranchingPlan
{
    protected override Finding Find(DecisionScope scope, uint resource, Place place)
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
                all = Finding.And(all, Grants(link, scope, walk.Current, place).Before(change));
            }
        }
        return isEmpty ? Finding.No.Before(all.Until) : all;
    }

    private static Finding Grants(in Link link, DecisionScope scope, in EdgeVersion edge, Place place)
    {
        Mark mark = scope.Here();
        var holds = new Finding(scope.Judge(edge.Caveat), Instant.Never);
        link.Edges.Keep(scope, edge);
        Finding grants = link.Target?.Check(scope, edge.Subject, place.In(scope.NewRegion())) ?? Finding.No;
        return scope.Settle(mark, Finding.And(holds, grants));
    }
}
