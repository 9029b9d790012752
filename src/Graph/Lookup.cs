using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>Which objects of a type may a subject do this to?</summary>
public sealed record ResourceLookupRequest
{
    public required string ResourceType { get; init; }

    /// <summary>A permission or a relation of the type.</summary>
    public required string Permission { get; init; }

    /// <summary>An object or a userset. With <see cref="Acting"/>: the agent that presents the delegation.</summary>
    public required SubjectRef Subject { get; init; }

    /// <summary>On whose authority an agent asks: then what it may reach for that root, in that task.</summary>
    public Acting Acting { get; init; }

    /// <summary>What caveats may ask for, as a JSON object; null: nothing.</summary>
    public string? ContextJson { get; init; }

    /// <summary>How many results at most; null: all.</summary>
    public int? Limit { get; init; }

    /// <summary>The cursor of the result to go on behind; null: from the first.</summary>
    public string? Cursor { get; init; }
}

/// <summary>One object found.</summary>
/// <param name="Missing">The names of the context it depends on, sorted; empty: it is permitted.</param>
public readonly record struct FoundResource(string Id, ImmutableArray<string> Missing)
{
    public bool IsConditional => !Missing.IsEmpty;
}

/// <summary>Which subjects of a type may do this to a resource?</summary>
public sealed record SubjectLookupRequest
{
    public required ObjectRef Resource { get; init; }

    /// <summary>A permission or a relation of the resource's type.</summary>
    public required string Permission { get; init; }

    public required string SubjectType { get; init; }

    /// <summary>A relation or permission of the subject's type: which usersets have the permission. Null: which objects do.</summary>
    public string? SubjectRelation { get; init; }

    /// <inheritdoc cref="ResourceLookupRequest.ContextJson"/>
    public string? ContextJson { get; init; }

    /// <inheritdoc cref="ResourceLookupRequest.Limit"/>
    public int? Limit { get; init; }

    /// <inheritdoc cref="ResourceLookupRequest.Cursor"/>
    public string? Cursor { get; init; }
}

/// <summary>One subject found.</summary>
/// <param name="Id"><c>*</c> for everybody else of the type.</param>
/// <param name="Missing">The names of the context it depends on, sorted; empty: it is permitted.</param>
/// <param name="Excluded">Of <c>*</c>: whom it does not stand for.</param>
public readonly record struct FoundSubject(string Id, ImmutableArray<string> Missing, ImmutableArray<string> Excluded)
{
    public bool IsConditional => !Missing.IsEmpty;
}
