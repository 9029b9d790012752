using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Index;

/// <summary>A compiled schema with the names and edges its ids stand for. Immutable; several versions may share stores.</summary>
internal sealed class BoundSchema
{
    private readonly NameTable[] _names;
    private readonly EdgeStore[] _edges;

    public BoundSchema(CompiledSchema schema, Func<string, NameTable> names, Func<string, EdgeStore> edges)
    {
        Schema = schema;
        _names = [.. schema.Types.Select(type => names(type.Name))];
        _edges = [.. schema.EdgeTypes.Select(type => edges(Text(schema, type)))];
    }

    public CompiledSchema Schema { get; }

    public NameTable this[TypeId type] => _names[type.Value];
    public EdgeStore this[EdgeTypeId type] => _edges[type.Value];

    /// <summary><c>document#viewer@group#member</c>: what the edge type is called across schemas.</summary>
    public static string Text(CompiledSchema schema, EdgeType type)
    {
        Member relation = schema[type.Relation];
        string subject = schema[type.SubjectType].Name;
        string suffix = type switch
        {
            { Kind: SubjectKind.Wildcard } => ":*",
            { SubjectRelation: { } member } => "#" + schema[member].Name,
            _ => "",
        };
        return $"{schema[relation.Type].Name}#{relation.Name}@{subject}{suffix}";
    }
}
