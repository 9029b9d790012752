using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>Turns an edge by number back into a tuple by name.</summary>
internal static class TupleNames
{
    public static RelationTuple Of(BoundSchema bound, EdgeType type, uint resource, uint subject, Window window, uint caveat)
    {
        CompiledSchema schema = bound.Schema;
        Member relation = schema[type.Relation];
        var resourceRef = new ObjectRef(schema[relation.Type].Name, bound[relation.Type][resource]);
        string id = type.Kind == SubjectKind.Wildcard ? Names.Wildcard : bound[type.SubjectType][subject];
        string? subjectRelation = type.SubjectRelation is { } member ? schema[member].Name : null;
        return new RelationTuple(resourceRef, relation.Name, new SubjectRef(new ObjectRef(schema[type.SubjectType].Name, id), subjectRelation))
        {
            Window = window,
            Caveat = bound.CaveatText(caveat),
        };
    }
}
