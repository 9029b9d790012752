using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

public enum UpdateKind : byte
{
    /// <summary>The tuple must not be there.</summary>
    Create = 1,

    /// <summary>Writes the tuple, or replaces its window and caveat.</summary>
    Touch = 2,

    /// <summary>Removes the tuple if it is there.</summary>
    Delete = 3,
}

public readonly record struct TupleUpdate(UpdateKind Kind, RelationTuple Tuple);

/// <summary>What the writer may touch (DESIGN §4).</summary>
public enum WriteRight : byte
{
    /// <summary>Anything but hops, tasks and suspensions.</summary>
    Tuples,

    /// <summary>Those as well, within their rules: the right of services that start and end tasks.</summary>
    Authority,
}

/// <summary>All of it happens, in one revision, or none.</summary>
public sealed record WriteRequest
{
    public ImmutableArray<TupleUpdate> Updates { get; init; } = [];
    public ImmutableArray<Precondition> Preconditions { get; init; } = [];
    public WriteRight Right { get; init; } = WriteRight.Tuples;

    /// <summary>
    /// A key under which the same request may be sent again and is done once, over restarts too, for the retention; null: none.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whose the key is: the keys of two scopes never meet. Holds no line break.</summary>
    public string IdempotencyScope { get; init; } = "";

    /// <summary>What the caller says about the transaction, as a JSON object: kept with it and told to watchers. Null: nothing.</summary>
    public string? MetadataJson { get; init; }
}

/// <summary>Deletes what matches a filter, in one transaction. Sent again it deletes what matches then.</summary>
public sealed record DeleteRequest
{
    public required TupleFilter Filter { get; init; }
    public ImmutableArray<Precondition> Preconditions { get; init; } = [];

    /// <summary>How many tuples at most; null, and whatever is more: <see cref="Limits.TuplesPerDelete"/>.</summary>
    public int? Limit { get; init; }

    /// <summary>When more match than the limit allows: whether so many are deleted, or the request is refused.</summary>
    public bool AllowPartial { get; init; }

    public WriteRight Right { get; init; } = WriteRight.Tuples;

    /// <inheritdoc cref="WriteRequest.MetadataJson"/>
    public string? MetadataJson { get; init; }
}

/// <summary>What a delete by filter did.</summary>
/// <param name="Deleted">How many tuples there are fewer.</param>
/// <param name="IsComplete">Whether no tuple matches any more; false: there are others, so ask again.</param>
public readonly record struct DeleteReceipt(WriteReceipt Written, int Deleted, bool IsComplete);

/// <summary>At least one live tuple must match the filter, or none may.</summary>
public readonly record struct Precondition(PreconditionKind Kind, TupleFilter Filter);

public enum PreconditionKind : byte { MustMatch = 1, MustNotMatch = 2 }

/// <summary>Which tuples: every part that is given must match. At least one part must be given.</summary>
public sealed record TupleFilter
{
    public string? ResourceType { get; init; }
    public string? ResourceId { get; init; }
    public string? ResourceIdPrefix { get; init; }
    public string? Relation { get; init; }
    public SubjectFilter? Subject { get; init; }

    /// <summary>Whether a tuple matches, whatever its window and caveat.</summary>
    internal bool Matches(in RelationTuple tuple) =>
        (ResourceType is null || tuple.Resource.Type == ResourceType)
        && (ResourceId is null || tuple.Resource.Id == ResourceId)
        && (ResourceIdPrefix is null || tuple.Resource.Id.StartsWith(ResourceIdPrefix, StringComparison.Ordinal))
        && (Relation is null || tuple.Relation == Relation)
        && (Subject is null || Subject.Matches(tuple.Subject));

    /// <summary>The filter as a tuple with gaps: <c>document:*prefix…#viewer@user:ann</c>; for messages.</summary>
    internal string Describe()
    {
        string id = ResourceIdPrefix is null ? ResourceId ?? "…" : ResourceIdPrefix + "…";
        string subject = Subject is null ? "…" : $"{Subject.Type}:{Subject.Id ?? "…"}{(string.IsNullOrEmpty(Subject.Relation) ? "" : "#" + Subject.Relation)}";
        return $"`{ResourceType ?? "…"}:{id}#{Relation ?? "…"}@{subject}`";
    }
}

/// <param name="Relation">Null: any; empty: only subjects without one.</param>
public sealed record SubjectFilter(string Type, string? Id = null, string? Relation = null)
{
    internal bool Matches(in SubjectRef subject) =>
        subject.Object.Type == Type && (Id is null || subject.Object.Id == Id) && (Relation is null || (subject.Relation ?? "") == Relation);
}

/// <summary>What a write did.</summary>
/// <param name="Revision">Its revision, or, when it changed nothing, the newest one it saw.</param>
/// <param name="Token">The consistency token of that revision.</param>
public readonly record struct WriteReceipt(Revision Revision, Instant CommittedAt, string Token);
