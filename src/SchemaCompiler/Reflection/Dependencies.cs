using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler.Reflection;

/// <summary>Which members are computed from which, arrows and usersets followed to any depth. Sorted by definition, then name.</summary>
public static class Dependencies
{
    /// <summary>Every permission whose answers can depend on the member; the member itself only if it is recursive.</summary>
    public static ImmutableArray<MemberName> ComputablePermissions(CompiledSchema schema, MemberId member)
    {
        ILookup<MemberId, MemberId> users = schema.Members
            .SelectMany(user => MemberUses.Of(user).Select(use => (Used: use.Member, User: user.Id)))
            .ToLookup(pair => pair.Used, pair => pair.User);
        return Sorted(schema, Reach(member, id => users[id]).Where(id => schema[id] is Permission));
    }

    /// <summary>Every relation and permission that the member is computed from; itself only if it is recursive.</summary>
    public static ImmutableArray<MemberName> DependentRelations(CompiledSchema schema, MemberId member) => Sorted(schema, ComputedFrom(schema, member));

    /// <inheritdoc cref="DependentRelations"/>
    public static IReadOnlySet<MemberId> ComputedFrom(CompiledSchema schema, MemberId member) =>
        Reach(member, id => MemberUses.Of(schema[id]).Select(use => use.Member));

    private static HashSet<MemberId> Reach(MemberId start, Func<MemberId, IEnumerable<MemberId>> next)
    {
        HashSet<MemberId> reached = [];
        Queue<MemberId> waiting = new([start]);
        while (waiting.TryDequeue(out MemberId id))
            foreach (MemberId neighbour in next(id))
                if (reached.Add(neighbour)) waiting.Enqueue(neighbour);
        return reached;
    }

    private static ImmutableArray<MemberName> Sorted(CompiledSchema schema, IEnumerable<MemberId> members) =>
    [
        .. members
            .Select(id => new MemberName(schema[schema[id].Type].Name, schema[id].Name, schema[id] is Permission))
            .OrderBy(name => name.Definition, StringComparer.Ordinal).ThenBy(name => name.Name, StringComparer.Ordinal),
    ];
}
