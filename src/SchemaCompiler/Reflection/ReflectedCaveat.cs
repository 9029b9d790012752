using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler.Reflection;

/// <summary>One caveat.</summary>
/// <param name="Expression">The author's text between the braces, trimmed.</param>
public sealed record ReflectedCaveat(string Name, ImmutableArray<ReflectedParameter> Parameters, string Expression)
{
    public string? Comment { get; init; }

    /// <summary>The relations that list a subject with it, in the author's order.</summary>
    public ImmutableArray<MemberName> UsedBy { get; init; } = [];

    internal static IEnumerable<ReflectedCaveat> Of(CompiledSchema schema)
    {
        ILookup<CaveatId, Relation> uses = CaveatUses.Of(schema);
        return schema.Caveats.Select(caveat => Of(schema, caveat, uses[caveat.Id]));
    }

    private static ReflectedCaveat Of(CompiledSchema schema, Caveat caveat, IEnumerable<Relation> users) => new(
        caveat.Name, [.. caveat.Parameters.Select(parameter => new ReflectedParameter(parameter.Name, parameter.Type.ToString()))], caveat.Expression)
    {
        Comment = caveat.Comment,
        UsedBy = [.. users.Select(relation => new MemberName(schema[relation.Type].Name, relation.Name, IsPermission: false))],
    };
}

/// <param name="Type">As an author writes it: <c>list&lt;string&gt;</c>.</param>
public sealed record ReflectedParameter(string Name, string Type);

/// <summary>Which relations a caveat conditions.</summary>
internal static class CaveatUses
{
    /// <summary>In the order of the members; each once by caveat.</summary>
    public static ILookup<CaveatId, Relation> Of(CompiledSchema schema) => schema.Members.OfType<Relation>()
        .SelectMany(relation => Caveats(relation).Select(caveat => (caveat, relation)))
        .ToLookup(use => use.caveat, use => use.relation);

    private static IEnumerable<CaveatId> Caveats(Relation relation) =>
        relation.EdgeTypes.SelectMany(edge => edge.Traits).Select(trait => trait.Caveat).OfType<CaveatId>().Distinct();
}
