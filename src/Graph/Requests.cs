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

    /// <summary>A key under which the same request may be sent again and is done once; null: none.</summary>
    public string? IdempotencyKey { get; init; }
}

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

    /// <summary>The filter as a tuple with gaps: <c>document:*prefix…#viewer@user:ann</c>; for messages.</summary>
    internal string Describe()
    {
        string id = ResourceIdPrefix is null ? ResourceId ?? "…" : ResourceIdPrefix + "…";
        string subject = Subject is null ? "…" : $"{Subject.Type}:{Subject.Id ?? "…"}{(string.IsNullOrEmpty(Subject.Relation) ? "" : "#" + Subject.Relation)}";
        return $"`{ResourceType ?? "…"}:{id}#{Relation ?? "…"}@{subject}`";
    }
}

/// <param name="Relation">Null: any; empty: only subjects without one.</param>
public sealed record SubjectFilter(string Type, string? Id = null, string? Relation = null);

/// <summary>What a write did.</summary>
/// <param name="Revision">Its revision, or, when it changed nothing, the newest one it saw.</param>
/// <param name="Token">The consistency token of that revision.</param>
public readonly record struct WriteReceipt(Revision Revision, Instant CommittedAt, string Token);

/// <summary>How a permission comes about: the tree of its rewrite with the subjects at its leaves.</summary>
public sealed record ExpandNode(ObjectRef Resource, string Relation, ExpandKind Kind, ImmutableArray<ExpandNode> Children, ImmutableArray<SubjectRef> Subjects);

public enum ExpandKind : byte { Leaf, Union, Intersection, Exclusion }
