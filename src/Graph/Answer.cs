using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>The answer to one check: a value, so that asking allocates nothing.</summary>
public readonly record struct Answer
{
    public Outcome Outcome { get; init; }

    /// <summary>Why not; <see cref="DenialCode.None"/> unless denied.</summary>
    public DenialCode Code { get; init; }

    /// <summary>The hop that failed, counted from the root at 1; 0 when no hop is to blame.</summary>
    public int Hop { get; init; }

    /// <summary>What the denial is about: the hop, a principal, a task, the resource. Default when permitted.</summary>
    public ObjectRef Object { get; init; }

    /// <summary>The first instant at which a consulted fact changes by itself; says nothing about writes.</summary>
    public Instant ValidUntil { get; init; }

    /// <summary>The names of the context that a conditional answer depends on, sorted; empty for any other.</summary>
    public ImmutableArray<string> Missing { get => field.IsDefault ? [] : field; init; }

    public bool IsPermitted => Outcome == Outcome.Permitted;
}

/// <summary>What became of one question of a batch.</summary>
/// <param name="Rejection">Why there is no answer; null: there is.</param>
public readonly record struct CheckResult(Answer Answer, RejectionException? Rejection = null);
