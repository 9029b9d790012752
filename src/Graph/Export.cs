using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>Every tuple of one snapshot, page by page.</summary>
public sealed record ExportRequest
{
    /// <summary>Which snapshot; not looked at with a cursor, which names its own.</summary>
    public Consistency? Consistency { get; init; }

    /// <summary>Which tuples; null: all.</summary>
    public TupleFilter? Filter { get; init; }

    /// <summary>The <see cref="ExportPage.Cursor"/> of the page to go on behind; null: from the start.</summary>
    public string? Cursor { get; init; }

    public int PageSize { get; init; } = 1_000;
}

/// <summary>Some tuples of a snapshot, both ends of every window filled in, those of one resource next to each other.</summary>
/// <param name="Cursor">Goes on behind this page at the same snapshot, with the same filter, in the same store; after a restart too.</param>
/// <param name="IsLast">Whether nothing follows.</param>
public sealed record ExportPage(ImmutableArray<RelationTuple> Tuples, string Cursor, bool IsLast, Snapshot Snapshot);
