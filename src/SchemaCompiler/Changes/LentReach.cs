using System.Collections.Frozen;
using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler.Changes;

/// <summary>Hops of <paramref name="Delegation"/> that lend <paramref name="Permission"/> on a <paramref name="Container"/> cover each <paramref name="Covered"/> within it.</summary>
internal readonly record struct LentScope(string Delegation, string Permission, string Container, string Covered);

/// <summary>What lending on one type covers on others: containment by type, followed outwards from every type with something to lend.</summary>
internal static class LentReach
{
    public static HashSet<LentScope> Of(CompiledSchema schema)
    {
        ILookup<(string Permission, TypeId Container), string> lenders = schema.Types
            .Select(type => (type.Name, Role: type.Role as Role.Delegation))
            .SelectMany(type => (type.Role?.Lent ?? FrozenDictionary<string, MemberId>.Empty)
                .SelectMany(lent => EdgeTypes(schema, lent.Value).Select(edge => (Key: (lent.Key, edge.SubjectType), type.Name))))
            .ToLookup(pair => pair.Key, pair => pair.Name);
        HashSet<LentScope> scopes = [];
        if (lenders.Count == 0) return scopes;
        foreach (ObjectType covered in schema.Types.Where(type => !type.Within.IsEmpty))
        {
            string[] open = [.. covered.Members.Where(member => member.Delegable is not null).Select(member => member.Name)];
            if (open.Length == 0) continue;
            foreach (TypeId container in Containers(schema, covered))
                foreach (string permission in open)
                    foreach (string delegation in lenders[(permission, container)])
                        scopes.Add(new LentScope(delegation, permission, schema[container].Name, covered.Name));
        }
        return scopes;
    }

    private static ImmutableArray<EdgeType> EdgeTypes(CompiledSchema schema, MemberId relation) =>
        schema[relation] is Relation lent ? lent.EdgeTypes : [];

    /// <summary>Every type something of this type can be within, at any distance; not itself.</summary>
    private static HashSet<TypeId> Containers(CompiledSchema schema, ObjectType type)
    {
        HashSet<TypeId> reached = [];
        Queue<ObjectType> waiting = new([type]);
        while (waiting.TryDequeue(out ObjectType? inner))
            foreach (EdgeType edge in inner.Within.SelectMany(relation => EdgeTypes(schema, relation)))
                if (reached.Add(edge.SubjectType)) waiting.Enqueue(schema[edge.SubjectType]);
        reached.Remove(type.Id);
        return reached;
    }
}
