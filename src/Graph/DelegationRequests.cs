using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>Who does it, and what is kept with the transaction.</summary>
public sealed record Deed
{
    /// <summary>The principal who does it: the delegator, opener, approver, revoker.</summary>
    public required ObjectRef As { get; init; }

    public Standing Standing { get; init; } = Standing.Party;

    /// <inheritdoc cref="WriteRequest.IdempotencyKey"/>
    public string? IdempotencyKey { get; init; }

    /// <inheritdoc cref="WriteRequest.IdempotencyScope"/>
    public string IdempotencyScope { get; init; } = "";

    /// <inheritdoc cref="WriteRequest.MetadataJson"/>
    public string? MetadataJson { get; init; }
}

/// <summary>On what ground somebody takes authority back or stops a principal.</summary>
public enum Standing : byte
{
    /// <summary>As one whom the chain or the agent concerns.</summary>
    Party,

    /// <summary>As an administrator, whom nothing of it need concern.</summary>
    Administrator,
}

/// <summary>When something begins and ends. Each part may be left out.</summary>
/// <param name="NotBefore">Null: at its commit.</param>
/// <param name="ExpiresAt">Its end; null: see <paramref name="Lasting"/>.</param>
/// <param name="Lasting">How long from its start on; null as well: as long as it may.</param>
public readonly record struct Term(Instant? NotBefore = null, Instant? ExpiresAt = null, TimeSpan? Lasting = null);

/// <summary>Gives a delegate part of what the delegator has: one hop, written whole.</summary>
public sealed record DelegateRequest
{
    /// <summary>The delegator.</summary>
    public required Deed By { get; init; }

    /// <summary>The <c>delegation</c> type; null: the parent's or, without one, the schema's only one.</summary>
    public string? Type { get; init; }

    /// <summary>The id of the new hop; null: one that can't be guessed is picked.</summary>
    public string? Id { get; init; }

    public required ObjectRef Delegate { get; init; }

    /// <summary>The hop the delegator has its authority from; null: its own.</summary>
    public ObjectRef? Parent { get; init; }

    /// <summary>Null: the parent's, if it has one.</summary>
    public ObjectRef? Task { get; init; }

    public Term Term { get; init; }

    /// <summary>A condition on all of it.</summary>
    public CaveatRef? Caveat { get; init; }

    /// <summary>What is lent: at least one.</summary>
    public ImmutableArray<Lending> Lends { get; init; } = [];

    /// <summary>To whom the delegate may pass it on: agents, or the wildcard of a type of agents. Where the type declares <c>onward</c>, nobody else.</summary>
    public ImmutableArray<ObjectRef> Onward { get; init; } = [];
}

/// <summary>One permission on one object, on all that is within it or, with the wildcard, on every object of a type.</summary>
public readonly record struct Lending(string Permission, ObjectRef Resource, CaveatRef? Caveat = null);

/// <summary>A hop that was written.</summary>
/// <param name="EndsAt">When it ends by itself: the earliest end among its hops and tasks.</param>
public readonly record struct DelegationReceipt(ObjectRef Delegation, Instant EndsAt, WriteReceipt Written);

/// <summary>Adds an approver to a hop.</summary>
public sealed record ApproveRequest
{
    /// <summary>The approver: an active human who holds the approval permission.</summary>
    public required Deed By { get; init; }

    public required ObjectRef Delegation { get; init; }

    /// <summary>When the approval ends; null: with the hop.</summary>
    public Instant? ExpiresAt { get; init; }
}

/// <summary>Takes back a hop, and with it every hop under it, for good.</summary>
public sealed record RevokeRequest
{
    /// <summary>A delegator of the chain, one who answers for an agent of it, or an administrator.</summary>
    public required Deed By { get; init; }

    public required ObjectRef Delegation { get; init; }
}

/// <summary>Opens a task.</summary>
public sealed record OpenTaskRequest
{
    /// <summary>The opener.</summary>
    public required Deed By { get; init; }

    /// <summary>The <c>task</c> type; null: the parent's or, without one, the schema's only one.</summary>
    public string? Type { get; init; }

    /// <summary>Null: one that can't be guessed is picked.</summary>
    public string? Id { get; init; }

    /// <summary>The task it is a part of; an agent opens none without.</summary>
    public ObjectRef? Parent { get; init; }

    public Term Term { get; init; }
}

/// <summary>A task that was opened.</summary>
/// <param name="EndsAt">When it ends by itself: its own end or that of a task above it.</param>
public readonly record struct TaskReceipt(ObjectRef Task, Instant EndsAt, WriteReceipt Written);

/// <summary>Ends a task and all authority under it, for good.</summary>
public sealed record CloseTaskRequest
{
    /// <summary>The opener of the task or of one above it, one who answers for such an opener, or an administrator.</summary>
    public required Deed By { get; init; }

    public required ObjectRef Task { get; init; }
}

/// <summary>Stops a principal, or all that are within a fleet, at once and everywhere.</summary>
public sealed record SuspendRequest
{
    /// <summary>One who answers for the agent, or an administrator.</summary>
    public required Deed By { get; init; }

    public required ObjectRef Principal { get; init; }

    /// <summary>When the suspension ends by itself; null: when it is lifted.</summary>
    public Instant? ExpiresAt { get; init; }
}

/// <summary>Lifts a suspension: a party lifts its own, an administrator all.</summary>
public sealed record ResumeRequest
{
    public required Deed By { get; init; }

    public required ObjectRef Principal { get; init; }
}

/// <param name="StillSuspendedBy">Whose suspensions of the same object stay.</param>
public readonly record struct ResumeReceipt(ImmutableArray<ObjectRef> StillSuspendedBy, WriteReceipt Written);
