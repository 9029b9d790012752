namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// <c>relation properties: record with record_properties</c> in the definition of <c>record</c>: what is stored with an object of it. A relation
/// of the name that lists something else is one like any.
/// </summary>
internal static class PropertiesRelation
{
    private const string Name = "properties";

    public static RelationSymbol? Of(TypeSymbol type) => type.Find(Name) is RelationSymbol relation && EdgeTypeOf(relation) is not null ? relation : null;

    public static EdgeTypeId? EdgeTypeOf(TypeSymbol type) => type.Find(Name) is RelationSymbol relation ? EdgeTypeOf(relation)?.Id : null;

    private static EdgeType? EdgeTypeOf(RelationSymbol relation)
    {
        foreach (EdgeType edges in relation.EdgeTypes)
            if (edges.Kind == SubjectKind.Object && edges.SubjectType == relation.Type.Id && edges.Traits.Any(trait => trait.Caveat is not null)) return edges;
        return null;
    }
}
