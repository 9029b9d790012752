using System.Collections.Immutable;
using AuthzGraph.Graph.Index;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine.Plans;

/// <summary>The plans of all types of one schema.</summary>
internal sealed class TypePlans
{
    private readonly BoundSchema _bound;
    private readonly PlannedRelation[] _relations;
    private readonly TypePlan[] _types;

    public TypePlans(BoundSchema bound)
    {
        _bound = bound;
        _relations = [.. bound.Schema.Members.Select(Relation)];
        _types = [.. bound.Schema.Types.Select(Plan)];
        Hops = [.. _types.Where(type => type.Hop is not null)];
        while (SpreadSuspension()) { }
    }

    /// <summary>The types whose objects are hops.</summary>
    public ImmutableArray<TypePlan> Hops { get; }

    public TypePlan this[TypeId type] => _types[type.Value];

    /// <summary>The edges of a relation; none of a permission.</summary>
    public PlannedRelation this[MemberId relation] => _relations[relation.Value];

    private PlannedRelation Relation(Member member) =>
        member is Relation relation ? new PlannedRelation([.. relation.EdgeTypes.Select(type => new PlannedEdges(type, _bound[type.Id]))], _bound[member.Type]) : PlannedRelation.None;

    private PlannedRelation Relation(MemberId? relation) => relation is { } id ? this[id] : PlannedRelation.None;

    private TypePlan Plan(ObjectType type) => new(type.Id)
    {
        Kind = type.Role is Role.Principal principal ? principal.Kind : null,
        Sponsor = type.Role is Role.Principal { Sponsor: { } sponsor } ? _bound.Schema[sponsor] as Relation : null,
        Within = [.. type.Within.Select(relation => this[relation])],
        SuspendedBy = Relation(type.SuspendedBy),
        MayBeSuspended = type.SuspendedBy is not null,
        Task = type.Role is Role.Task task ? new TaskPlan(this[task.OpenedBy], Relation(task.ClosedBy), Relation(task.Parent)) : null,
        Hop = type.Role is Role.Delegation hop ? Plan(hop) : null,
    };

    private HopPlan Plan(Role.Delegation role) => new(
        this[role.Delegator], this[role.Delegate], Relation(role.Parent), Relation(role.InTask), Relation(role.Onward),
        Relation(role.Approver), Relation(role.RevokedBy),
        [.. _bound.Schema.Members.Select(member => role.Lent.TryGetValue(member.Name, out MemberId lent) ? this[lent] : null)]);

    /// <summary>What is within something that may be suspended may be so itself; false when nothing changed.</summary>
    private bool SpreadSuspension()
    {
        bool changed = false;
        foreach (TypePlan type in _types)
        {
            if (type.MayBeSuspended || !IsWithinOneThatMay(type)) continue;
            type.MayBeSuspended = changed = true;
        }
        return changed;
    }

    private bool IsWithinOneThatMay(TypePlan type)
    {
        foreach (PlannedRelation relation in type.Within)
            foreach (ref readonly PlannedEdges edges in relation.Edges)
                if (this[edges.SubjectType].MayBeSuspended) return true;
        return false;
    }
}
