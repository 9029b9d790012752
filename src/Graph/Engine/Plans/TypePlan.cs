using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine.Plans;

/// <summary>What decisions ask of the objects of one type (DESIGN §3, roles), with the edges that answer it.</summary>
internal sealed record TypePlan(TypeId Id)
{
    /// <summary>Null unless its objects are principals.</summary>
    public PrincipalKind? Kind { get; init; }

    public required PlannedRelation[] Within { get; init; }

    public required PlannedRelation SuspendedBy { get; init; }

    /// <summary>Whether an edge may suspend its objects: one of their own, or one of what they are within.</summary>
    public bool MayBeSuspended { get; set; }

    /// <summary>Of agents, who answers for them.</summary>
    public Relation? Sponsor { get; init; }

    public TaskPlan? Task { get; init; }

    public HopPlan? Hop { get; init; }
}

/// <summary>What makes a task open.</summary>
internal sealed record TaskPlan(PlannedRelation OpenedBy, PlannedRelation ClosedBy, PlannedRelation Parent);

/// <summary>What makes a hop hold.</summary>
/// <param name="Lent">By the id of the permission asked for; null: never lent.</param>
internal sealed record HopPlan(
    PlannedRelation Delegator, PlannedRelation Delegate, PlannedRelation Parent, PlannedRelation InTask, PlannedRelation Onward,
    PlannedRelation Approver, PlannedRelation RevokedBy, PlannedRelation?[] Lent)
{
    /// <summary>Has the processor fetch what the hop's edges are told by, those included that lend what is asked for.</summary>
    public void Prefetch(uint hop, MemberId asked)
    {
        Parent.Prefetch(hop);
        Delegator.Prefetch(hop);
        Delegate.Prefetch(hop);
        InTask.Prefetch(hop);
        Onward.Prefetch(hop);
        RevokedBy.Prefetch(hop);
        Lent[asked.Value]?.Prefetch(hop);
    }
}
