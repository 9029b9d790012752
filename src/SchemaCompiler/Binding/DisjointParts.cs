using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// Finds intersections whose parts have no type of subject in common. Types are followed through usersets and arrows up to a bound;
/// a part that leads further is taken to hold any type. Relations come first, as their types are known soon, and the part that comes
/// last is followed only until it shares a type.
/// </summary>
internal sealed class DisjointParts(Symbols symbols)
{
    private const int MaxMembers = 64, MaxTypes = 64;

    private readonly SubjectSteps?[] _steps = new SubjectSteps?[symbols.Members.Count];
    private readonly int[] _walkedIn = new int[symbols.Members.Count];
    private readonly Queue<SubjectSteps> _open = new();
    private int _walks;

    /// <summary>The types of two parts that exclude each other, each as an author would name them; null: none do.</summary>
    public (string One, string Other)? Of(TypeSymbol type, Rewrite.Intersection intersection)
    {
        Rewrite[] arms = [.. intersection.Arms.OrderBy(arm => IsRelation(arm) ? 0 : 1)];
        HashSet<TypeSymbol>? common = null;
        for (int i = 0; i < arms.Length; i++)
        {
            HashSet<TypeSymbol>? isEnough = i == arms.Length - 1 ? common : null;
            if (Reached(StepsOf(type, arms[i]), isEnough) is not { Count: > 0 } types) continue;    // one that holds nobody is another matter
            if (common is not null && !common.Overlaps(types)) return (Listed(common), Listed(types));
            if (common is null) common = types;
            else common.IntersectWith(types);
        }
        return null;
    }

    private bool IsRelation(Rewrite arm) => arm is Rewrite.Reference reference && symbols[reference.Member] is RelationSymbol;

    private SubjectSteps StepsOf(TypeSymbol type, Rewrite arm) =>
        arm is Rewrite.Reference reference ? StepsOf(symbols[reference.Member]) : SubjectSteps.Of(symbols, type, arm);

    private SubjectSteps StepsOf(MemberSymbol member) => _steps[member.Id.Value] ??= SubjectSteps.Of(symbols, member);

    /// <summary>Null when there are too many to tell. May end once there is one that is enough.</summary>
    private HashSet<TypeSymbol>? Reached(SubjectSteps first, HashSet<TypeSymbol>? isEnough)
    {
        HashSet<TypeSymbol> types = [];
        int members = 0;
        _walks++;
        _open.Clear();
        _open.Enqueue(first);
        while (_open.TryDequeue(out SubjectSteps? steps))
        {
            foreach (TypeSymbol type in steps.Types)
            {
                types.Add(type);
                if (isEnough is not null && isEnough.Contains(type)) return types;
            }
            if (types.Count > MaxTypes) return null;
            foreach (MemberSymbol member in steps.Members)
            {
                if (_walkedIn[member.Id.Value] == _walks) continue;
                if (++members > MaxMembers) return null;
                _walkedIn[member.Id.Value] = _walks;
                _open.Enqueue(StepsOf(member));
            }
        }
        return types;
    }

    private static string Listed(HashSet<TypeSymbol> types) =>
        string.Join(" or ", types.Select(type => type.Name).Order(StringComparer.Ordinal).Take(3).Select(name => $"`{Catalogue.Shorten(name)}`"));
}
