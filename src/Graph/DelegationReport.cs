using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>What a chain is at one snapshot, whatever is asked of it.</summary>
public sealed record DelegationReport
{
    /// <summary>Why nothing can be done with it; none: it holds.</summary>
    public DenialCode Code { get; init; }

    /// <summary>The hop that is to blame, counted from the root at 1; 0 when none is.</summary>
    public int Hop { get; init; }

    /// <summary>What is to blame: a hop, a principal, a task; null when it holds.</summary>
    public ObjectRef? Object { get; init; }

    /// <summary>The tuple the blame rests on; null when it rests on an absence.</summary>
    public RelationTuple? FailedFact { get; init; }

    /// <summary>Whose authority is used; null when the chain has no single root.</summary>
    public ObjectRef? Root { get; init; }

    /// <summary>From the root's hop down, as far as it could be walked, each judged by itself.</summary>
    public ImmutableArray<HopReport> Chain { get; init; } = [];

    /// <summary>The tasks of the chain and those above them, each once.</summary>
    public ImmutableArray<TaskReport> Tasks { get; init; } = [];

    /// <summary>The humans who answer for the agents of the chain: of each agent that has any, one.</summary>
    public ImmutableArray<Sponsorship> Sponsors { get; init; } = [];

    /// <summary>What the last hop lends: its edges that have not ended.</summary>
    public ImmutableArray<RelationTuple> Lends { get; init; } = [];

    /// <summary>Who approved the last hop.</summary>
    public ImmutableArray<ObjectRef> Approvers { get; init; } = [];

    /// <summary>When it ends by itself: the earliest end among its hops and tasks.</summary>
    public Instant EndsAt { get; init; }
}

/// <param name="OpenedBy">Null when nobody has it open by now.</param>
/// <param name="ClosedBy">Null: it was not closed.</param>
/// <param name="EndsAt">When its opening ends by itself.</param>
public readonly record struct TaskReport(ObjectRef Task, ObjectRef? Parent, ObjectRef? OpenedBy, ObjectRef? ClosedBy, Instant EndsAt)
{
    public bool IsOpen => OpenedBy is not null && ClosedBy is null;
}
