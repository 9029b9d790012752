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
public sealed class ExportPage
{
    private readonly Func<RelationTuple, string> _cursorOf;

    internal ExportPage(ImmutableArray<RelationTuple> tuples, string cursor, bool isLast, Snapshot snapshot, Func<RelationTuple, string> cursorOf)
    {
        (Tuples, Cursor, IsLast, Snapshot) = (tuples, cursor, isLast, snapshot);
        _cursorOf = cursorOf;
    }

    public ImmutableArray<RelationTuple> Tuples { get; }

    /// <summary>Goes on behind this page at the same snapshot, with the same filter, in the same store; after a restart too.</summary>
    public string Cursor { get; }

    /// <summary>Whether nothing follows.</summary>
    public bool IsLast { get; }

    public Snapshot Snapshot { get; }

    /// <summary>Goes on behind one tuple of the page.</summary>
    public string CursorAfter(int index) => _cursorOf(Tuples[index]);
}
