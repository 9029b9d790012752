using System.Collections.Immutable;
using AuthzGraph.Graph.Index;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine.Plans;

/// <summary>The plans of all relations and permissions of one schema, bound to the edges it reads.</summary>
internal sealed class CheckPlans
{
    private readonly BoundSchema _bound;
    private readonly CheckPlan[] _members;

    public CheckPlans(BoundSchema bound)
    {
        _bound = bound;
        Types = new TypePlans(bound);
        ImmutableArray<Member> members = bound.Schema.Members;
        _members = [.. members.Select<Member, CheckPlan>(member => member is Relation { HasUsersets: false } leaf ? Terminals(leaf) : new MemberPlan(member))];
        for (int i = 0; i < _members.Length; i++)
            if (_members[i] is MemberPlan plan) plan.Bind(Body(members[i]), IsFlat(members[i]));
    }

    /// <summary>What roles the types have, and what answers the questions that brings up.</summary>
    public TypePlans Types { get; }

    public CheckPlan this[MemberId member] => _members[member.Value];

    private CheckPlan Body(Member member) => member switch
    {
        Relation relation => new RelationPlan(Terminals(relation), Usersets(relation)),
        Permission permission => Of(permission.Rewrite, permission.Type),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private CheckPlan Of(Rewrite rewrite, TypeId type) => rewrite switch
    {
        Rewrite.Nil => NilPlan.Instance,
        Rewrite.Self => new SelfPlan(type),
        Rewrite.Reference reference => this[reference.Member],
        Rewrite.Union union => new UnionPlan(Of(union.Arms, type)),
        Rewrite.Intersection intersection => new IntersectionPlan(Of(intersection.Arms, type)),
        Rewrite.Exclusion exclusion => new ExclusionPlan(Of(exclusion.Base, type), Of(exclusion.Subtracted, type)),
        Rewrite.Arrow { Kind: ArrowKind.Any } arrow => new ArrowPlan([.. arrow.Targets.Select(target => LinkTo(target.EdgeType, target.Member))]),
        Rewrite.Arrow arrow => new AllArrowPlan([.. EdgeTypes(arrow.Relation).Select(edges => LinkTo(edges.Id, TargetOf(arrow, edges.Id)))]),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private CheckPlan[] Of(ImmutableArray<Rewrite> arms, TypeId type) => [.. arms.Select(arm => Of(arm, type))];

    private TerminalsPlan Terminals(Relation relation) => new(relation.Id, [.. relation.EdgeTypes.Select(edges =>
        new Terminal(new SubjectClass(edges.SubjectType, edges.SubjectRelation), edges.Kind == SubjectKind.Wildcard, Edges(edges.Id)))]);

    private ArrowPlan Usersets(Relation relation) => new([.. relation.EdgeTypes
        .Where(edges => edges.Kind == SubjectKind.Userset)
        .Select(edges => LinkTo(edges.Id, edges.SubjectRelation))]);

    private Link LinkTo(EdgeTypeId edges, MemberId? target) => new(Edges(edges), target is { } member ? this[member] : null);

    private PlannedEdges Edges(EdgeTypeId id) => new(_bound.Schema[id], _bound[id]);

    private ImmutableArray<EdgeType> EdgeTypes(MemberId relation) => _bound.Schema[relation] is Relation r ? r.EdgeTypes : [];

    private static MemberId? TargetOf(Rewrite.Arrow arrow, EdgeTypeId edges)
    {
        foreach (ArrowTarget target in arrow.Targets)
            if (target.EdgeType == edges) return target.Member;
        return null;
    }

    /// <summary>Whether it is a rewrite over relations without usersets: then it is decided by probes alone.</summary>
    private bool IsFlat(Member member) => member is Permission permission && IsFlat(permission.Rewrite);

    private bool IsFlat(Rewrite rewrite) => rewrite switch
    {
        Rewrite.Nil or Rewrite.Self => true,
        Rewrite.Reference reference => this[reference.Member] is TerminalsPlan,
        Rewrite.Union union => union.Arms.All(IsFlat),
        Rewrite.Intersection intersection => intersection.Arms.All(IsFlat),
        Rewrite.Exclusion exclusion => IsFlat(exclusion.Base) && IsFlat(exclusion.Subtracted),
        _ => false,
    };
}
