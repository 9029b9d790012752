namespace AuthzGraph.Graph.Engine.Plans;

/// <summary>
/// How it is decided whether the subject of a scope is in one set of a resource: a part of a rewrite with the edges it reads at hand, made
/// when a schema is bound. Depth first, in the schema's order.
/// </summary>
internal abstract class CheckPlan
{
    public abstract Finding Check(DecisionScope scope, uint resource, Place place);

    /// <summary>
    /// Has the processor fetch what a check will read in one of its steps: 0, what the resource's own edges are told by; a step later, what was
    /// fetched then is read, and what it leads to is fetched. Reads nothing that an earlier step did not fetch.
    /// </summary>
    public virtual void Prefetch(in Ahead ahead, uint resource, int step)
    {
    }
}

/// <summary>Whom a check will ask about: the code of its class, and its number.</summary>
internal readonly record struct Ahead(long SubjectClass, uint Subject, int Depth = 0)
{
    private const int DepthLimit = 4;       // members may lead to themselves

    /// <summary>The same one member further in; false when that is further than looking ahead pays.</summary>
    public bool Deeper(out Ahead inside)
    {
        inside = this with { Depth = Depth + 1 };
        return Depth < DepthLimit;
    }
}

/// <summary>A plan with branches, of which one may take back what another left behind: a witness, or what its caveats lack.</summary>
internal abstract class BranchingPlan : CheckPlan
{
    public sealed override Finding Check(DecisionScope scope, uint resource, Place place)
    {
        if (!scope.Traces) return Find(scope, resource, place);
        Mark mark = scope.Here();
        return scope.Settle(mark, Find(scope, resource, place));
    }

    protected abstract Finding Find(DecisionScope scope, uint resource, Place place);
}

/// <summary>How much a scope had kept when a branch began.</summary>
internal readonly record struct Mark(int Witness, int Missing);

/// <summary>
/// Where in a search a plan is asked, in one word.
///
/// A <b>region</b> is a part of the search in which one success settles the whole part: unions, usersets, arrows. What
/// a region has seen fail is not tried again there. The operands of intersections, exclusions and <c>.all</c> are regions
/// of their own, because their success settles nothing by itself.
/// </summary>
internal readonly struct Place
{
    private const int SubtractionsShift = 16;
    private const int RegionShift = 32;

    /// <summary>The depth a word has room for, and far more than a stack has.</summary>
    public const int MaxDepth = ushort.MaxValue;

    private readonly ulong _word;

    private Place(ulong word) => _word = word;

    /// <summary>Outside of every member and of every subtracted side.</summary>
    public static Place Start(uint region) => new((ulong)region << RegionShift);

    public uint Region => (uint)(_word >> RegionShift);

    /// <summary>How many subtracted sides were entered.</summary>
    public int Subtractions => (ushort)(_word >> SubtractionsShift);

    /// <summary>How many members are being evaluated.</summary>
    public int Depth => (ushort)_word;

    public Place Deeper() => new(_word + 1);

    public Place In(uint region) => new((uint)_word | (ulong)region << RegionShift);

    public Place Subtracted(uint region) => In(region).Plus(1UL << SubtractionsShift);

    private Place Plus(ulong more) => new(_word + more);
}
