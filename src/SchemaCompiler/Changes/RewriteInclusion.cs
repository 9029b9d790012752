using AuthzGraph.SchemaCompiler.Reflection;

namespace AuthzGraph.SchemaCompiler.Changes;

/// <summary>
/// Whether one rewrite always computes a subset of another's set, each name meaning the same set in both. True only when the
/// laws of sets show it; "no" means "not shown". The work is bounded: what takes longer is not shown either.
/// </summary>
internal sealed class RewriteInclusion
{
    private const int MaxSteps = 200_000;

    private readonly Dictionary<(Rewrite, Rewrite), bool> _known = new(PairComparer.Instance);
    private readonly CompiledSchema _before;
    private readonly CompiledSchema _after;
    private int _steps;

    public RewriteInclusion(CompiledSchema before, CompiledSchema after) => (_before, _after) = (before, after);

    /// <summary>A rewrite with the schema that its ids belong to.</summary>
    private readonly record struct Side(CompiledSchema Schema, Rewrite Rewrite)
    {
        public Side With(Rewrite part) => new(Schema, part);
    }

    /// <summary>No, when nothing can be gained; yes, when nothing is lost and so something is gained; else maybe.</summary>
    public Widening Compare(Rewrite before, Rewrite after)
    {
        _known.Clear();
        _steps = 0;
        Side old = new(_before, before);
        Side now = new(_after, after);
        if (IsWithin(now, old)) return Widening.No;
        return IsWithin(old, now) ? Widening.Yes : Widening.May;
    }

    /// <summary>Whether the change can take something away: false only when that is ruled out.</summary>
    public bool MayNarrow(Rewrite before, Rewrite after)
    {
        _known.Clear();
        _steps = 0;
        return !IsWithin(new Side(_before, before), new Side(_after, after));
    }

    private bool IsWithin(Side inner, Side outer)
    {
        if (_known.TryGetValue((inner.Rewrite, outer.Rewrite), out bool known)) return known;
        if (++_steps > MaxSteps) return false;
        return _known[(inner.Rewrite, outer.Rewrite)] = Show(inner, outer);
    }

    private bool Show(Side inner, Side outer)
    {
        if (inner.Rewrite is Rewrite.Nil || IsSameLeaf(inner, outer)) return true;
        if (inner.Rewrite is Rewrite.Union union) return union.Arms.All(arm => IsWithin(inner.With(arm), outer));
        if (outer.Rewrite is Rewrite.Intersection wanted) return wanted.Arms.All(arm => IsWithin(inner, outer.With(arm)));
        if (outer.Rewrite is Rewrite.Exclusion less)
            return IsWithin(inner, outer.With(less.Base)) && Lacks(inner, outer.With(less.Subtracted));
        if (outer.Rewrite is Rewrite.Union any && any.Arms.Any(arm => IsWithin(inner, outer.With(arm)))) return true;
        if (inner.Rewrite is Rewrite.Intersection all) return all.Arms.Any(arm => IsWithin(inner.With(arm), outer));
        return inner.Rewrite is Rewrite.Exclusion exclusion && IsWithin(inner.With(exclusion.Base), outer);
    }

    /// <summary>Whether what is <paramref name="removed"/> is removed from <paramref name="set"/> as well.</summary>
    private bool Lacks(Side set, Side removed) => set.Rewrite switch
    {
        _ when removed.Rewrite is Rewrite.Nil => true,
        _ when removed.Rewrite is Rewrite.Union parts => parts.Arms.All(part => Lacks(set, removed.With(part))),
        Rewrite.Nil => true,
        Rewrite.Union union => union.Arms.All(arm => Lacks(set.With(arm), removed)),
        Rewrite.Intersection all => all.Arms.Any(arm => Lacks(set.With(arm), removed)),
        Rewrite.Exclusion exclusion => IsWithin(removed, set.With(exclusion.Subtracted)) || Lacks(set.With(exclusion.Base), removed),
        _ => false,
    };

    private static bool IsSameLeaf(Side inner, Side outer) => (inner.Rewrite, outer.Rewrite) switch
    {
        (Rewrite.Reference a, Rewrite.Reference b) => inner.Schema[a.Member].Name == outer.Schema[b.Member].Name,
        (Rewrite.Self, Rewrite.Self) => true,
        (Rewrite.Arrow a, Rewrite.Arrow b) => a.TargetName == b.TargetName && (a.Kind == b.Kind || a.Kind == ArrowKind.All)
            && inner.Schema[a.Relation].Name == outer.Schema[b.Relation].Name,
        _ => false,
    };

    /// <summary>Rewrites are compared by where they are in their trees, not by what they say.</summary>
    private sealed class PairComparer : IEqualityComparer<(Rewrite, Rewrite)>
    {
        public static readonly PairComparer Instance = new();

        public bool Equals((Rewrite, Rewrite) x, (Rewrite, Rewrite) y) =>
            ReferenceEquals(x.Item1, y.Item1) && ReferenceEquals(x.Item2, y.Item2);

        public int GetHashCode((Rewrite, Rewrite) pair) => HashCode.Combine(
            System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(pair.Item1),
            System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(pair.Item2));
    }
}
