using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>
/// Changes after which a denied question is permitted, all of them together and nothing else being changed. That it is so was decided, not
/// guessed. Says nothing about whether anybody should make them.
/// </summary>
/// <param name="Delegation">The hop to present from then on instead of the one the question named; null: the question stays as it was.</param>
public sealed record Remedy(ImmutableArray<RemedyStep> Steps, ObjectRef? Delegation = null);

/// <summary>One thing to be done, in one transaction.</summary>
public sealed record RemedyStep(RemedyKind Kind, ImmutableArray<TupleUpdate> Updates)
{
    public RemedyStep(RemedyKind kind, UpdateKind update, RelationTuple tuple) : this(kind, [new TupleUpdate(update, tuple)])
    {
    }
}

public enum RemedyKind : byte
{
    /// <summary>A tuple gives the permission, or a part of it.</summary>
    Grant = 1,

    /// <summary>A tuple that takes the permission away is deleted.</summary>
    Lift,

    /// <summary>A suspension is lifted.</summary>
    Resume,

    /// <summary>Somebody answers for the agent.</summary>
    Sponsor,

    /// <summary>Somebody approves the last hop.</summary>
    Approve,

    /// <summary>A delegator writes a new hop: for what no hop lends, for longer, or to somebody whom it could not be given further to.</summary>
    Delegate,
}
