using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// Looks for one active human who answers for an agent. It goes through everybody named on the way that a permission's
/// positive side leads (so wildcards name nobody), and asks of each whether the plain check agrees.
/// </summary>
internal ref struct SponsorSearch
{
    private const int MostSets = 1;     // one level, so that no object is gone through twice

    private readonly DecisionScope _scope;
    private readonly ObjectKey _agent;
    private readonly Relation _sponsor;
    private readonly uint _region;
    private bool _unknown;

    private SponsorSearch(DecisionScope scope, ObjectKey agent, Relation sponsor)
    {
        _scope = scope;
        _agent = agent;
        _sponsor = sponsor;
        _region = scope.NewRegion();
    }

    public static bool Finds(DecisionScope scope, ObjectKey agent, Relation sponsor)
    {
        if (Names(scope, sponsor, agent.Number, MostSets, out ObjectKey named))
        {
            if (scope.Explains) scope.Sponsors.Add((agent, named));
            return true;
        }
        scope.Chains.ReadMore();
        var search = new SponsorSearch(scope, agent, sponsor);
        if (search.InMember(sponsor.Id, agent.Number)) return true;
        return search._unknown ? throw scope.TakeFault() : false;
    }

    /// <summary>
    /// Somebody named by live edges alone: by one of the object's own, or by one of a set that one of them leads to. The plain check would
    /// find the same, since relations only add.
    /// </summary>
    /// <param name="sets">How many sets may be gone through.</param>
    private static bool Names(DecisionScope scope, Relation relation, uint resource, int sets, out ObjectKey human)
    {
        PlannedRelation edges = scope.Types[relation.Id];
        edges.Consult(scope, resource);
        foreach (ref readonly PlannedEdges type in edges.Edges)
        {
            if (type.Kind == SubjectKind.Wildcard) continue;
            Relation? set = type.Type.SubjectRelation is { } member ? scope.Schema[member] as Relation : null;
            if (type.Kind == SubjectKind.Userset && (set is null || sets == 0)) continue;
            EdgeWords words = type.Of(resource);
            while (words.MoveNext())
            {
                if (!IsPlain(scope, type, resource, words.Current, out human)) continue;
                if (set is null ? Principals.IsActiveHuman(scope, human) : Names(scope, set, human.Number, sets - 1, out human)) return true;
            }
        }
        human = default;
        return false;
    }

    /// <summary>Whether an edge is live and has no caveat.</summary>
    private static bool IsPlain(DecisionScope scope, in PlannedEdges type, uint resource, uint word, out ObjectKey subject)
    {
        LiveEdge edge = default;
        bool isLive = type.IsLive(scope, resource, word, ref edge);
        subject = edge.Subject;
        return isLive && edge.Caveat == 0;
    }

    private bool InMember(MemberId id, uint resource)
    {
        ulong key = Trail.Key(id, resource);
        if (_scope.Trail.HasFailed(_region, key)) return false;
        _scope.Trail.Fail(_region, key);
        return _scope.Schema[id] is Permission permission
            ? InRewrite(permission.Rewrite, permission.Type, resource)
            : InEdges(_scope.Types[id].Walk(resource, _scope.Revision));
    }

    private bool InRewrite(Rewrite rewrite, TypeId type, uint resource) => rewrite switch
    {
        Rewrite.Nil => false,
        Rewrite.Self => Answers(new ObjectKey(type, resource)),
        Rewrite.Reference reference => InMember(reference.Member, resource),
        Rewrite.Union union => InAnyArm(union, type, resource),
        Rewrite.Intersection intersection => InRewrite(intersection.Arms[0], type, resource),
        Rewrite.Exclusion exclusion => InRewrite(exclusion.Base, type, resource),
        Rewrite.Arrow arrow => InArrow(arrow, resource),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private bool InAnyArm(Rewrite.Union union, TypeId type, uint resource)
    {
        foreach (Rewrite arm in union.Arms)
            if (InRewrite(arm, type, resource)) return true;
        return false;
    }

    private bool InArrow(Rewrite.Arrow arrow, uint resource)
    {
        foreach (ArrowTarget target in arrow.Targets)
        {
            EdgeListWalk walk = _scope.Bound[target.EdgeType].OfResource(resource, _scope.Revision);
            while (walk.MoveNext())
                if (IsLive(walk.Current.Window) && InMember(target.Member, walk.Current.Subject)) return true;
        }
        return false;
    }

    private bool InEdges(EdgeWalk walk)
    {
        while (walk.MoveNext())
        {
            if (walk.Type.Kind == SubjectKind.Wildcard || !IsLive(walk.Window)) continue;
            if (walk.Type.SubjectRelation is { } member ? InMember(member, walk.Subject.Number) : Answers(walk.Subject)) return true;
        }
        return false;
    }

    private readonly bool IsLive(Window window)
    {
        _scope.Step();
        return _scope.IsLive(window);
    }

    private bool Answers(ObjectKey human)
    {
        if (!Principals.IsActiveHuman(_scope, human)) return false;
        int missing = _scope.Missing.Count;
        Finding found = PlainChecker.Check(_scope, _agent, _sponsor.Id, new SubjectKey(human), wildcardsProve: false);
        _scope.ForgetMissing(missing);      // a path that may not hold does not count
        if (found.Truth == Truth.Unknown) _unknown = true;
        else _scope.Consult(found.Until);
        if (found.IsMember && _scope.Explains) _scope.Sponsors.Add((_agent, human));
        return found.IsMember;
    }
}
