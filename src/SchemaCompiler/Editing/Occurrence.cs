using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>A name where it stands in the text.</summary>
/// <param name="Targets">
/// What it means: nothing, when nothing has that name; several for <c>parent->view</c>, which asks each type of <c>parent</c>.
/// </param>
/// <param name="Declares">What is declared here; it is the first of the targets, and the permissions it lends follow.</param>
internal sealed record Occurrence(TextSpan Span, ImmutableArray<Declared> Targets, Declared? Declares = null);

/// <summary>Every name of a text in its order.</summary>
internal sealed class OccurrenceList
{
    private readonly ImmutableArray<Occurrence> _all;
    private readonly ILookup<Declared, Occurrence> _byTarget;

    public OccurrenceList(IEnumerable<Occurrence> all)
    {
        _all = [.. all.OrderBy(occurrence => occurrence.Span.Start)];
        _byTarget = _all.SelectMany(o => o.Targets.Select(target => (target, o))).ToLookup(pair => pair.target, pair => pair.o);
    }

    public ImmutableArray<Occurrence> All => _all;

    public IEnumerable<Occurrence> Of(Declared declared) => _byTarget[declared];

    /// <summary>The name at an offset, or the one that ends there.</summary>
    public Occurrence? At(int offset)
    {
        int low = 0, high = _all.Length;        // the first that starts after the offset
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_all[middle].Span.Start <= offset) low = middle + 1;
            else high = middle;
        }
        return low > 0 && offset <= _all[low - 1].Span.End ? _all[low - 1] : null;
    }

    /// <summary>
    /// Everything that has to keep one name with this: an arrow asks several types for one name, and what a hop lends is called
    /// as the permission it lends.
    /// </summary>
    public IReadOnlySet<Declared> Namesakes(Declared declared)
    {
        HashSet<Declared> found = [declared];
        Queue<Declared> open = new(found);
        while (open.TryDequeue(out Declared? next))
            foreach (Declared other in Of(next).SelectMany(occurrence => occurrence.Targets))
                if (found.Add(other)) open.Enqueue(other);
        return found;
    }
}
