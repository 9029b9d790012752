namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// Finds intersections whose parts have no type of subject in common. Types are followed through usersets and arrows up to a bound;
/// a part that leads further is taken to hold any type.
/// </summary>
internal sealed class DisjointParts(Symbols symbols)
{
    private const int MaxMembers = 256, MaxTypes = 64;

    private readonly Dictionary<MemberSymbol, HashSet<TypeSymbol>?> _known = [];

    /// <summary>The types of two parts that exclude each other, each as an author would name them; null: none do.</summary>
    public (string One, string Other)? Of(TypeSymbol type, Rewrite.Intersection intersection)
    {
        HashSet<TypeSymbol>? common = null;
        foreach (Rewrite arm in intersection.Arms)
        {
            if (Types(type, arm) is not { Count: > 0 } types) continue;     // one that holds nobody at all is another matter
            if (common is not null && !common.Overlaps(types)) return (Listed(common), Listed(types));
            if (common is null) common = [.. types];
            else common.IntersectWith(types);
        }
        return null;
    }

    private HashSet<TypeSymbol>? Types(TypeSymbol type, Rewrite arm)
    {
        if (arm is not Rewrite.Reference reference) return Reached(SubjectSteps.Of(symbols, type, arm));
        MemberSymbol member = symbols[reference.Member];
        if (!_known.TryGetValue(member, out HashSet<TypeSymbol>? types))
            _known.Add(member, types = Reached(SubjectSteps.Of(symbols, member)));
        return types;
    }

    /// <summary>Null when there are too many to tell.</summary>
    private HashSet<TypeSymbol>? Reached(SubjectSteps first)
    {
        HashSet<TypeSymbol> types = [];
        HashSet<MemberSymbol> members = [];
        Queue<SubjectSteps> open = new([first]);
        while (open.TryDequeue(out SubjectSteps? steps))
        {
            types.UnionWith(steps.Types);
            foreach (MemberSymbol member in steps.Members)
            {
                if (members.Add(member)) open.Enqueue(SubjectSteps.Of(symbols, member));
                if (members.Count > MaxMembers) return null;
            }
            if (types.Count > MaxTypes) return null;
        }
        return types;
    }

    private static string Listed(HashSet<TypeSymbol> types) =>
        string.Join(" or ", types.Select(type => type.Name).Order(StringComparer.Ordinal).Take(3).Select(name => $"`{Diagnostics.Catalogue.Shorten(name)}`"));
}
