using System.Collections.Immutable;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// The Zanzibar check: is the subject in <c>resource#member</c>? Depth first over the rewrite, in the schema's order.
///
/// A <b>region</b> is a part of the search in which one success settles the whole part: unions, usersets, arrows. What
/// a region has seen fail is not tried again there. The operands of intersections, exclusions and <c>.all</c> are regions
/// of their own, because their success settles nothing by itself.
/// A member met again while it is being evaluated is no path; met again through a subtraction it is unknown.
/// </summary>
internal readonly ref struct PlainChecker
{
    private readonly DecisionScope _scope;
    private readonly SubjectKey _subject;
    private readonly bool _wildcardsProve;

    /// <param name="wildcardsProve">False when only subjects that are named count (sponsors): then wildcards match only what is subtracted.</param>
    private PlainChecker(DecisionScope scope, SubjectKey subject, bool wildcardsProve)
    {
        _scope = scope;
        _subject = subject;
        _wildcardsProve = wildcardsProve;
    }

    /// <summary>Whether the subject is in <c>resource#member</c>. Adds nothing to the scope's <c>Until</c>.</summary>
    public static Finding Check(DecisionScope scope, ObjectKey resource, MemberId member, SubjectKey subject, bool wildcardsProve = true)
    {
        Invariant.That(scope.Path.Depth == 0);
        var checker = new PlainChecker(scope, subject, wildcardsProve);
        return checker.Member(member, resource.Number, scope.NewRegion(), subtractions: 0);
    }

    private Finding Member(MemberId id, uint resource, uint region, int subtractions)
    {
        Member member = _scope.Schema[id];
        if (_subject.Relation == id && _subject.Object.Number == resource) return Finding.Yes;
        if (member is Relation { HasUsersets: false } leaf) return Terminals(leaf, resource, subtractions);

        PathStack path = _scope.Path;
        if (path.TryFind(id, resource, out int outer))
            return outer == subtractions ? Finding.No : Unknown(Rejections.CycleThroughExclusion(member.Name));
        if (_scope.Visited.Contains(region, id, resource)) return Finding.No;
        if (path.Depth >= _scope.Limits.CheckDepth) return Unknown(Rejections.Depth(_scope.Limits.CheckDepth));

        path.Push(id, resource, subtractions);
        Finding found = member switch
        {
            Relation relation => Edges(relation, resource, region, subtractions),
            Permission permission => Evaluate(permission.Rewrite, permission.Type, resource, region, subtractions),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        path.Pop();
        // an open member is walked again: by another way to it other names may be missing
        if (found.IsNotMember) _scope.Visited.Add(region, id, resource);
        return found;
    }

    private Finding Evaluate(Rewrite rewrite, TypeId type, uint resource, uint region, int subtractions)
    {
        Mark mark = Here();
        return Settle(mark, rewrite switch
        {
            Rewrite.Nil => Finding.No,
            Rewrite.Self => _subject == new SubjectKey(new ObjectKey(type, resource)) ? Finding.Yes : Finding.No,
            Rewrite.Reference reference => Member(reference.Member, resource, region, subtractions),
            Rewrite.Union union => Union(union.Arms, type, resource, region, subtractions),
            Rewrite.Intersection intersection => Intersection(intersection.Arms, type, resource, subtractions),
            Rewrite.Exclusion exclusion => Exclusion(exclusion, type, resource, subtractions),
            Rewrite.Arrow { Kind: ArrowKind.Any } arrow => AnyArrow(arrow, resource, region, subtractions),
            Rewrite.Arrow arrow => AllArrow(arrow, resource, subtractions),
            _ => throw new System.Diagnostics.UnreachableException(),
        });
    }

    private Finding Union(ImmutableArray<Rewrite> arms, TypeId type, uint resource, uint region, int subtractions)
    {
        var any = Finding.No;
        foreach (Rewrite arm in arms)
        {
            any = Finding.Or(any, Evaluate(arm, type, resource, region, subtractions));
            if (any.IsMember) break;
        }
        return any;
    }

    private Finding Intersection(ImmutableArray<Rewrite> arms, TypeId type, uint resource, int subtractions)
    {
        var all = Finding.Yes;
        foreach (Rewrite arm in arms)
        {
            all = Finding.And(all, Evaluate(arm, type, resource, _scope.NewRegion(), subtractions));
            if (all.IsNotMember) break;
        }
        return all;
    }

    private Finding Exclusion(Rewrite.Exclusion exclusion, TypeId type, uint resource, int subtractions)
    {
        Finding holds = Evaluate(exclusion.Base, type, resource, _scope.NewRegion(), subtractions);
        if (holds.IsNotMember) return holds;
        int kept = _scope.Witness.Count;
        Finding excluded = Evaluate(exclusion.Subtracted, type, resource, _scope.NewRegion(), subtractions + 1);
        _scope.Witness.RemoveRange(kept, _scope.Witness.Count - kept);
        return Finding.And(holds, excluded.Not());
    }

    private Finding AnyArrow(Rewrite.Arrow arrow, uint resource, uint region, int subtractions)
    {
        var any = Finding.No;
        foreach (ArrowTarget target in arrow.Targets)
        {
            EdgeWalk walk = OfType(target.EdgeType, resource);
            while (!any.IsMember && walk.MoveNext())
                any = Finding.Or(any, Through(ref walk, target.Member, resource, region, subtractions));
        }
        return any;
    }

    /// <summary>Every object of the relation must grant, and every caveat on the way hold, as in SpiceDB: one that is false denies.</summary>
    private Finding AllArrow(Rewrite.Arrow arrow, uint resource, int subtractions)
    {
        var all = Finding.Yes;
        bool isEmpty = true;
        EdgeWalk walk = _scope.Edges(arrow.Relation, resource);
        while (!all.IsNotMember && walk.MoveNext())
        {
            _scope.Step();
            Instant change = walk.Window.NextChange(_scope.Now);
            all = all.Before(change);
            if (!walk.Window.Contains(_scope.Now)) continue;
            isEmpty = false;
            Mark mark = Here();
            var holds = new Finding(_scope.Judge(walk.Caveat), change);
            Keep(walk.Type.Id, resource, walk.Subject.Number, walk.Window, walk.Caveat);
            Finding grants = TargetOf(arrow, walk.Type.Id) is { } member
                ? Member(member, walk.Subject.Number, _scope.NewRegion(), subtractions)
                : Finding.No;
            all = Finding.And(all, Settle(mark, Finding.And(holds, grants).Before(change)));
        }
        return isEmpty ? Finding.No.Before(all.Until) : all;
    }

    private static MemberId? TargetOf(Rewrite.Arrow arrow, EdgeTypeId edgeType)
    {
        foreach (ArrowTarget target in arrow.Targets)
            if (target.EdgeType == edgeType) return target.Member;
        return null;
    }

    private Finding Edges(Relation relation, uint resource, uint region, int subtractions)
    {
        Mark mark = Here();
        Finding any = Terminals(relation, resource, subtractions);
        foreach (EdgeType type in relation.EdgeTypes)
        {
            if (type.SubjectRelation is not { } member) continue;
            EdgeWalk walk = OfType(type.Id, resource);
            while (!any.IsMember && walk.MoveNext())
                any = Finding.Or(any, Through(ref walk, member, resource, region, subtractions));
        }
        return Settle(mark, any);
    }

    /// <summary>The edges that end at the subject itself or at a wildcard for it: one probe each.</summary>
    private Finding Terminals(Relation relation, uint resource, int subtractions)
    {
        Mark mark = Here();
        var any = Finding.No;
        foreach (EdgeType type in relation.EdgeTypes)
        {
            if (type.SubjectType != _subject.Object.Type || type.SubjectRelation != _subject.Relation) continue;
            bool wildcard = type.Kind == SubjectKind.Wildcard;
            if (wildcard && !_wildcardsProve && subtractions % 2 == 0) continue;
            any = Finding.Or(any, Probe(type.Id, resource, wildcard ? Index.EdgeStore.Wildcard : _subject.Object.Number));
            if (any.IsMember) break;
        }
        return Settle(mark, any);
    }

    private Finding Probe(EdgeTypeId type, uint resource, uint subject)
    {
        _scope.Step();
        if (!_scope.Bound[type].TryFind(resource, subject, _scope.Revision, out Index.EdgeVersion edge)) return Finding.No;
        Instant change = edge.Window.NextChange(_scope.Now);
        if (!edge.Window.Contains(_scope.Now)) return Finding.No.Before(change);
        Truth truth = _scope.Judge(edge.Caveat);
        if (truth == Truth.NotMember) return Finding.No;
        Keep(type, resource, subject, edge.Window, edge.Caveat);
        return new Finding(truth, change);
    }

    /// <summary>What the object behind an edge says, if the edge is live and its caveat may hold.</summary>
    private Finding Through(ref EdgeWalk walk, MemberId member, uint resource, uint region, int subtractions)
    {
        _scope.Step();
        Window window = walk.Window;
        Instant change = window.NextChange(_scope.Now);
        if (!window.Contains(_scope.Now)) return Finding.No.Before(change);
        Mark mark = Here();
        Truth holds = _scope.Judge(walk.Caveat);
        if (holds == Truth.NotMember) return Finding.No;
        Keep(walk.Type.Id, resource, walk.Subject.Number, window, walk.Caveat);
        Finding found = Member(member, walk.Subject.Number, region, subtractions);
        return Settle(mark, Finding.And(new Finding(holds, change), found));
    }

    private EdgeWalk OfType(EdgeTypeId type, uint resource) => new(_scope.Bound, _scope.Revision, _scope.Schema[type], resource);

    private void Keep(EdgeTypeId type, uint resource, uint subject, Window window, uint caveat)
    {
        if (_scope.KeepsWitness) _scope.Witness.Add(new WitnessEdge(type, resource, subject, window, caveat));
    }

    /// <summary>How much was kept when a branch began.</summary>
    private readonly record struct Mark(int Witness, int Missing);

    private Mark Here() => new(_scope.Witness.Count, _scope.Missing.Count);

    /// <summary>Ends a branch: only a member keeps its witness, and only an open question what it lacks.</summary>
    private Finding Settle(Mark mark, Finding found)
    {
        if (!found.IsMember) _scope.Witness.RemoveRange(mark.Witness, _scope.Witness.Count - mark.Witness);
        if (found.Truth is Truth.Member or Truth.NotMember) _scope.ForgetMissing(mark.Missing);
        return found;
    }

    private Finding Unknown(RejectionException why)
    {
        _scope.Fault ??= why;
        return Finding.Unknown;
    }
}
