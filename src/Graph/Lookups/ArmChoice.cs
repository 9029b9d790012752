using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Lookups;

/// <summary>
/// Which arm of each intersection a lookup follows: four bits for each of the first sixteen, in the order of <see cref="Intersections"/>. A
/// cursor carries it, since the order of results depends on it.
/// </summary>
internal readonly record struct ArmChoice(ImmutableArray<Rewrite.Intersection> Sites, ulong Bits)
{
    private const int MostSites = 16;
    private const int MostArms = 16;

    /// <summary>The arm to follow; the first where nothing was chosen.</summary>
    public Rewrite Of(Rewrite.Intersection intersection)
    {
        int site = Find(intersection);
        int arm = site < 0 || site >= MostSites ? 0 : (int)(Bits >> 4 * site & 15);
        return intersection.Arms[Math.Min(arm, intersection.Arms.Length - 1)];
    }

    /// <summary>Chooses of each the arm that costs least, the first of equals.</summary>
    public static ArmChoice Cheapest(ImmutableArray<Rewrite.Intersection> sites, Func<Rewrite, long> cost)
    {
        ulong bits = 0;
        for (int site = 0; site < Math.Min(sites.Length, MostSites); site++)
        {
            ImmutableArray<Rewrite> arms = sites[site].Arms;
            (int best, long least) = (0, long.MaxValue);
            for (int i = 0; i < Math.Min(arms.Length, MostArms); i++)
                if (cost(arms[i]) is var costs && costs < least) (best, least) = (i, costs);
            bits |= (ulong)best << 4 * site;
        }
        return new ArmChoice(sites, bits);
    }

    private int Find(Rewrite.Intersection intersection)
    {
        for (int i = 0; i < Sites.Length; i++)
            if (ReferenceEquals(Sites[i], intersection)) return i;
        return -1;
    }
}

/// <summary>The intersections that stand between a permission and those who may have it.</summary>
internal static class Intersections
{
    /// <summary>All of them, in an order that follows from the schema alone.</summary>
    public static ImmutableArray<Rewrite.Intersection> Of(CompiledSchema schema, MemberId target)
    {
        var found = ImmutableArray.CreateBuilder<Rewrite.Intersection>();
        HashSet<MemberId> seen = [];
        Stack<MemberId> left = new([target]);
        while (left.TryPop(out MemberId id))
            if (seen.Add(id))
                foreach (MemberId next in Next(schema[id], found)) left.Push(next);
        return found.ToImmutable();
    }

    private static IEnumerable<MemberId> Next(Member member, ImmutableArray<Rewrite.Intersection>.Builder found) => member switch
    {
        Permission permission => Next(permission.Rewrite, found),
        Relation relation => relation.EdgeTypes.Select(t => t.SubjectRelation).OfType<MemberId>(),
        _ => [],
    };

    private static IEnumerable<MemberId> Next(Rewrite rewrite, ImmutableArray<Rewrite.Intersection>.Builder found)
    {
        if (rewrite is Rewrite.Intersection intersection) found.Add(intersection);
        return rewrite switch
        {
            Rewrite.Reference reference => [reference.Member],
            Rewrite.Union union => union.Arms.SelectMany(arm => Next(arm, found)),
            Rewrite.Intersection all => all.Arms.SelectMany(arm => Next(arm, found)),
            Rewrite.Exclusion exclusion => Next(exclusion.Base, found),
            Rewrite.Arrow arrow => arrow.Targets.Select(t => t.Member),
            _ => [],
        };
    }
}
