using System.Collections.Frozen;
using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Binding;

namespace AuthzGraph.SchemaCompiler.Changes;

/// <summary>Hops of <paramref name="Delegation"/> that lend <paramref name="Permission"/> on a <paramref name="Container"/> cover each <paramref name="Covered"/> within it.</summary>
internal readonly record struct LentScope(string Delegation, string Permission, string Container, string Covered);

/// <summary>What lending on one type covers on others: containment by type, followed outwards to every type with something to lend.</summary>
internal static class LentReach
{
    public static HashSet<LentScope> Of(CompiledSchema schema)
    {
        Lent[] lent = [.. schema.Types.SelectMany(type => Of(schema, type))];
        HashSet<LentScope> scopes = [];
        if (lent.Length == 0) return scopes;
        Closure around = new([.. schema.Types.Select(type => Containers(schema, type))]);
        ILookup<string, ObjectType> open = schema.Members.Where(member => member.Delegable is not null)
            .Where(member => !schema[member.Type].Within.IsEmpty).ToLookup(member => member.Name, member => schema[member.Type], StringComparer.Ordinal);
        foreach (Lent[] pass in lent.Chunk(Closure.FactsAtATime))
        {
            ulong[] reached = new ulong[schema.Types.Length];
            for (int i = 0; i < pass.Length; i++) reached[pass[i].Container.Value] |= 1UL << i;
            around.Spread(reached);
            for (int i = 0; i < pass.Length; i++)
                foreach (ObjectType covered in open[pass[i].Permission])
                    if ((reached[covered.Id.Value] >> i & 1) != 0 && covered.Id != pass[i].Container)
                        scopes.Add(new LentScope(pass[i].Delegation, pass[i].Permission, schema[pass[i].Container].Name, covered.Name));
        }
        return scopes;
    }

    private readonly record struct Lent(string Delegation, string Permission, TypeId Container);

    private static IEnumerable<Lent> Of(CompiledSchema schema, ObjectType type) =>
        from lent in (type.Role as Role.Delegation)?.Lent ?? FrozenDictionary<string, MemberId>.Empty
        from edge in EdgeTypes(schema, lent.Value)
        select new Lent(type.Name, lent.Key, edge.SubjectType);

    private static int[] Containers(CompiledSchema schema, ObjectType type) =>
        [.. type.Within.SelectMany(relation => EdgeTypes(schema, relation)).Select(edge => (int)edge.SubjectType.Value)];

    private static ImmutableArray<EdgeType> EdgeTypes(CompiledSchema schema, MemberId relation) =>
        schema[relation] is Relation held ? held.EdgeTypes : [];
}
