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
        if (found.IsNotMember) _scope.Visited.Add(region, id, resource);
        return found;
    }

    private Finding Evaluate(Rewrite rewrite, TypeId type, uint resource, uint region, int subtractions) => rewrite switch
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
    };

    private Finding Union(ImmutableArray<Rewrite> arms, TypeId type, uint resource, uint region, int subtractions)
    {
        var failed = Finding.No;
        foreach (Rewrite arm in arms)
        {
            Finding found = Evaluate(arm, type, resource, region, subtractions);
            if (found.IsMember) return found;
            failed = Neither(failed, found);
        }
        return failed;
    }

    private Finding Intersection(ImmutableArray<Rewrite> arms, TypeId type, uint resource, int subtractions)
    {
        int witness = _scope.Witness.Count;
        var all = Finding.Yes;
        foreach (Rewrite arm in arms)
        {
            Finding found = Evaluate(arm, type, resource, _scope.NewRegion(), subtractions);
            if (found.IsNotMember) return Forget(witness, found);
            all = Both(all, found);
        }
        return all.IsMember ? all : Forget(witness, all);
    }

    private Finding Exclusion(Rewrite.Exclusion exclusion, TypeId type, uint resource, int subtractions)
    {
        int witness = _scope.Witness.Count;
        Finding holds = Evaluate(exclusion.Base, type, resource, _scope.NewRegion(), subtractions);
        if (holds.IsNotMember) return holds;
        int kept = _scope.Witness.Count;
        Finding excluded = Evaluate(exclusion.Subtracted, type, resource, _scope.NewRegion(), subtractions + 1);
        Forget(kept, excluded);
        if (excluded.IsMember) return Forget(witness, Finding.No.Before(excluded.Until));
        if (holds.IsMember && excluded.IsNotMember) return holds.Before(excluded.Until);
        return Forget(witness, Finding.Unknown);
    }

    private Finding AnyArrow(Rewrite.Arrow arrow, uint resource, uint region, int subtractions)
    {
        var failed = Finding.No;
        foreach (ArrowTarget target in arrow.Targets)
        {
            EdgeWalk walk = OfType(target.EdgeType, resource);
            while (walk.MoveNext())
            {
                Finding found = Through(ref walk, target.Member, resource, region, subtractions);
                if (found.IsMember) return found;
                failed = Neither(failed, found);
            }
        }
        return failed;
    }

    private Finding AllArrow(Rewrite.Arrow arrow, uint resource, int subtractions)
    {
        int witness = _scope.Witness.Count;
        var all = Finding.Yes;
        int objects = 0;
        EdgeWalk walk = _scope.Edges(arrow.Relation, resource);
        while (walk.MoveNext())
        {
            _scope.Step();
            Instant change = walk.Window.NextChange(_scope.Now);
            all = all.Before(change);
            if (!walk.Window.Contains(_scope.Now)) continue;
            objects++;
            Finding found = TargetOf(arrow, walk.Type.Id) is { } member
                ? Through(ref walk, member, resource, _scope.NewRegion(), subtractions)
                : Finding.No.Before(change);
            if (found.IsNotMember) return Forget(witness, found.Before(change));
            all = Both(all, found);
        }
        if (objects == 0) return Finding.No.Before(all.Until);
        return all.IsMember ? all : Forget(witness, all);
    }

    private static MemberId? TargetOf(Rewrite.Arrow arrow, EdgeTypeId edgeType)
    {
        foreach (ArrowTarget target in arrow.Targets)
            if (target.EdgeType == edgeType) return target.Member;
        return null;
    }

    private Finding Edges(Relation relation, uint resource, uint region, int subtractions)
    {
        Finding failed = Terminals(relation, resource, subtractions);
        if (failed.IsMember) return failed;
        foreach (EdgeType type in relation.EdgeTypes)
        {
            if (type.SubjectRelation is not { } member) continue;
            EdgeWalk walk = OfType(type.Id, resource);
            while (walk.MoveNext())
            {
                Finding found = Through(ref walk, member, resource, region, subtractions);
                if (found.IsMember) return found;
                failed = Neither(failed, found);
            }
        }
        return failed;
    }

    /// <summary>The edges that end at the subject itself or at a wildcard for it: one probe each.</summary>
    private Finding Terminals(Relation relation, uint resource, int subtractions)
    {
        var failed = Finding.No;
        foreach (EdgeType type in relation.EdgeTypes)
        {
            if (type.SubjectType != _subject.Object.Type || type.SubjectRelation != _subject.Relation) continue;
            bool wildcard = type.Kind == SubjectKind.Wildcard;
            if (wildcard && !_wildcardsProve && subtractions % 2 == 0) continue;
            _scope.Step();
            uint subject = wildcard ? Index.EdgeStore.Wildcard : _subject.Object.Number;
            if (!_scope.Bound[type.Id].TryFind(resource, subject, _scope.Revision, out Index.EdgeVersion edge)) continue;
            Instant change = edge.Window.NextChange(_scope.Now);
            if (edge.Window.Contains(_scope.Now))
            {
                Keep(type.Id, resource, subject, edge.Window);
                return Finding.Yes.Before(change);
            }
            failed = failed.Before(change);
        }
        return failed;
    }

    /// <summary>What the object behind an edge says, if the edge is live.</summary>
    private Finding Through(ref EdgeWalk walk, MemberId member, uint resource, uint region, int subtractions)
    {
        _scope.Step();
        Window window = walk.Window;
        Instant change = window.NextChange(_scope.Now);
        if (!window.Contains(_scope.Now)) return Finding.No.Before(change);
        int witness = _scope.Witness.Count;
        Keep(walk.Type.Id, resource, walk.Subject.Number, window);
        Finding found = Member(member, walk.Subject.Number, region, subtractions);
        return found.IsMember ? found.Before(change) : Forget(witness, found);
    }

    private EdgeWalk OfType(EdgeTypeId type, uint resource) => new(_scope.Bound, _scope.Revision, _scope.Schema[type], resource);

    private void Keep(EdgeTypeId type, uint resource, uint subject, Window window)
    {
        if (_scope.KeepsWitness) _scope.Witness.Add(new WitnessEdge(type, resource, subject, window));
    }

    private Finding Forget(int witness, Finding found)
    {
        List<WitnessEdge> kept = _scope.Witness;
        kept.RemoveRange(witness, kept.Count - witness);
        return found;
    }

    private Finding Unknown(RejectionException why)
    {
        _scope.Fault ??= why;
        return Finding.Unknown;
    }

    /// <summary>Two arms of a union, neither a member.</summary>
    private static Finding Neither(Finding left, Finding right) =>
        left.IsNotMember && right.IsNotMember ? left.Before(right.Until) : Finding.Unknown;

    /// <summary>Two operands of an intersection, neither ruled out.</summary>
    private static Finding Both(Finding left, Finding right) =>
        left.IsMember && right.IsMember ? left.Before(right.Until) : Finding.Unknown;
}
