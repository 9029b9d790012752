using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Explaining;

/// <summary>Alternatives, each a few changes to be made together; the smallest come first. No alternative: it can't be done. An empty one: it is so.</summary>
internal readonly record struct Changes(ImmutableArray<ImmutableArray<TupleUpdate>> Alternatives)
{
    private const int Most = 8;

    public static readonly Changes Impossible = new([]);
    public static readonly Changes Nothing = new([[]]);

    public bool IsNothing => Alternatives is [{ IsEmpty: true }, ..];

    public static Changes One(UpdateKind kind, RelationTuple tuple) => new([[new TupleUpdate(kind, tuple)]]);

    /// <summary>Either will do.</summary>
    public Changes Or(Changes other) => new(Smallest(Alternatives.Concat(other.Alternatives)));

    /// <summary>Both are needed.</summary>
    public Changes And(Changes other)
    {
        ImmutableArray<ImmutableArray<TupleUpdate>> others = other.Alternatives;
        return new(Smallest(Alternatives.SelectMany(mine => others.Select(theirs => Together(mine, theirs)))));
    }

    private static ImmutableArray<TupleUpdate> Together(ImmutableArray<TupleUpdate> mine, ImmutableArray<TupleUpdate> theirs) =>
        [.. mine, .. theirs.Where(update => !mine.Contains(update))];

    private static ImmutableArray<ImmutableArray<TupleUpdate>> Smallest(IEnumerable<ImmutableArray<TupleUpdate>> alternatives) =>
        [.. alternatives.OrderBy(changes => changes.Length).Take(Most)];
}
