using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Cel;

namespace AuthzGraph.SchemaCompiler;

/// <summary>A condition that an edge may carry.</summary>
/// <param name="Expression">The author's text between the braces, trimmed.</param>
/// <param name="Program">The same, compiled against <paramref name="Parameters"/>; gives a bool, or tells only when evaluated.</param>
public sealed record Caveat(
    CaveatId Id, string Name, ImmutableArray<CelVariable> Parameters, string Expression, CelProgram Program)
{
    /// <summary>The text of the comments directly above it; null: none. Says nothing to the engine.</summary>
    public string? Comment { get; init; }
}

/// <summary>One way in which a relation lists a subject: <c>user</c>, <c>user with weekday and expiration</c>.</summary>
public readonly record struct EdgeTrait(CaveatId? Caveat, bool Expiration);
