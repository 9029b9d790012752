using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>One hop of a chain as it was read.</summary>
internal readonly record struct Hop(ObjectKey Key, Role.Delegation Role)
{
    /// <summary>Its one live delegator; null when there is none or several.</summary>
    public ObjectKey? Delegator { get; init; }

    /// <summary>Its one live task; null when there is none or several.</summary>
    public ObjectKey? Task { get; init; }

    /// <summary>How many live delegators, delegates or tasks there are, whichever is most.</summary>
    public int MostOfOneKind { get; init; }

    /// <summary>pᵢ: who holds this hop in the chain at hand.</summary>
    public ObjectKey Delegate { get; init; }

    /// <summary>The edge to <see cref="Delegate"/>.</summary>
    public LiveEdge DelegateEdge { get; init; }
}

/// <summary>What became of a decision or of one candidate chain.</summary>
/// <param name="Step">How far it got, by the numbers of docs/decisions/0001: to choose among denials.</param>
internal readonly record struct Verdict(DenialCode Code, int Step, int Hop, ObjectKey Object, LiveEdge? Fact = null)
{
    public static readonly Verdict Permit = default;

    public bool IsPermit => Code == DenialCode.None;
}
