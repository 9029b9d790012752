using System.Collections.Immutable;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Lookups;

/// <summary>
/// Finds the resources that a presenter may reach on another's authority. Candidates are the objects that its hops cover; where a hop lends on
/// everything of a type, those on which the root holds the permission. Each is decided as a check would.
/// </summary>
internal sealed class ActingResourceSource(BoundSchema bound, ResourceLookupRequest request, LookupCursor? cursor) : ILookupSource
{
    private const ulong ByRoot = 1UL << 63;     // beside the arms, of which a plan from the root is made

    private ResolvedQuestion _question;

    public NameTable Names => bound[_question.Resource.Type];

    public ulong Arms { get; private set; }

    public (uint Number, string Id)? MadeUp => null;

    public void Begin(DecisionScope scope, LookupRoom room)
    {
        _question = LookupQuestion.OfResources(bound, request);
        uint? passTo = cursor is null ? null : LookupQuestion.NumberOf(cursor.Last, this);
        scope.Renew();
        ObjectKey? root = LendsEverything(scope) ? RootOf(scope) : null;
        if (cursor is null ? root is not null : (cursor.Arms & ByRoot) != 0) BeginAtRoot(scope, room, root ?? default, passTo);
        else BeginAtHops(scope, room, passTo);
    }

    public bool Read(DecisionScope scope, LookupRoom room)
    {
        if (room.Walk.Read(scope, room.Found)) return true;
        if (room.Walk.IsPassing) throw Rejections.InvalidCursor();
        return false;
    }

    private void BeginAtHops(DecisionScope scope, LookupRoom room, uint? passTo)
    {
        ObjectKey presenter = _question.Subject.Object;
        LookupPlan plan = bound.Lookups.Covered(_question.Member, presenter.Type, _question.Delegation?.Type);
        room.Walk.Begin(plan, new ActingJudge(_question, plain: null), passTo);
        room.Walk.Enter(scope, plan.Start, (_question.Delegation ?? presenter).Number, sure: true, room.Found);
    }

    private void BeginAtRoot(DecisionScope scope, LookupRoom room, ObjectKey root, uint? passTo)
    {
        ImmutableArray<Rewrite.Intersection> sites = bound.Lookups.Intersections(_question.Member);
        var subject = new SubjectKey(root);
        ArmChoice arms = cursor is null ? ArmChoice.Cheapest(sites, new ResourceArmCost(bound, subject).Of) : new ArmChoice(sites, cursor.Arms & ~ByRoot);
        Arms = arms.Bits | ByRoot;
        LookupPlan plan = bound.Lookups.Resources(_question.Member, root.Type, null, arms).ThenAsk();
        room.Walk.Begin(plan, new ActingJudge(_question, new PlainJudge(subject)), passTo);
        room.Walk.Enter(scope, plan.Start, root.Number, sure: true, room.Found);
    }

    /// <summary>Whether a hop that may serve lends the permission on everything of some type.</summary>
    private bool LendsEverything(DecisionScope scope)
    {
        foreach ((ObjectType type, Role.Delegation role, Relation lent) in DelegationPlanner.Hops(bound.Schema, bound.Schema[_question.Member].Name))
            foreach (EdgeType edge in lent.EdgeTypes)
                if (edge.Kind == SubjectKind.Wildcard && Leaves(scope, type.Id, role).Any(hop => bound[edge.Id].TryFind(hop, EdgeStore.Wildcard, scope.Revision, out _)))
                    return true;
        return false;
    }

    private List<uint> Leaves(DecisionScope scope, TypeId type, Role.Delegation role)
    {
        if (_question.Delegation is { } named) return named.Type == type ? [named.Number] : [];
        ObjectKey presenter = _question.Subject.Object;
        List<uint> leaves = [];
        foreach (PlannedEdges edges in scope.Types[role.Delegate].Edges)
        {
            if (edges.SubjectType != presenter.Type) continue;
            EdgeListWalk walk = edges.Store.OfSubject(presenter.Number, scope.Revision);
            while (walk.MoveNext())
            {
                leaves.Add(walk.Current.Resource);
                if (leaves.Count > scope.Limits.ChainCandidates) throw Rejections.Candidates(scope.Limits.ChainCandidates);
            }
        }
        return leaves;
    }

    private ObjectKey? RootOf(DecisionScope scope)
    {
        if (_question.Root is { } named) return named;
        if (_question.Delegation is not { } leaf) return null;
        return ChainWalk.Walk(scope, leaf, _question.Subject.Object).IsPermit ? scope.Chain[0].Delegator : null;
    }
}
