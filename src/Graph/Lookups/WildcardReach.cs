using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Lookups;

/// <summary>Which parts of a schema lead to edges that may name everybody of a type.</summary>
internal sealed class WildcardReach(CompiledSchema schema, TypeId type)
{
    /// <summary>Whether a wildcard of the type may be met in a rewrite, on whatever side of whatever operator.</summary>
    public bool IsReached(Rewrite rewrite) => IsReached(Next(rewrite));

    /// <inheritdoc cref="IsReached(Rewrite)"/>
    public bool IsReached(MemberId member) => IsReached([member]);

    private bool IsReached(IEnumerable<MemberId> start)
    {
        HashSet<MemberId> seen = [];
        Stack<MemberId> left = new(start);
        while (left.TryPop(out MemberId id))
        {
            if (!seen.Add(id)) continue;
            if (schema[id] is Relation relation && relation.EdgeTypes.Any(t => t.Kind == SubjectKind.Wildcard && t.SubjectType == type)) return true;
            foreach (MemberId next in Next(schema[id])) left.Push(next);
        }
        return false;
    }

    private static IEnumerable<MemberId> Next(Member member) => member switch
    {
        Permission permission => Next(permission.Rewrite),
        Relation relation => relation.EdgeTypes.Select(t => t.SubjectRelation).OfType<MemberId>(),
        _ => [],
    };

    private static IEnumerable<MemberId> Next(Rewrite rewrite) => rewrite switch
    {
        Rewrite.Reference reference => [reference.Member],
        Rewrite.Union union => union.Arms.SelectMany(Next),
        Rewrite.Intersection all => all.Arms.SelectMany(Next),
        Rewrite.Exclusion exclusion => Next(exclusion.Base).Concat(Next(exclusion.Subtracted)),
        Rewrite.Arrow arrow => arrow.Targets.Select(t => t.Member),
        _ => [],
    };
}
