using AuthzGraph.Graph.Writing;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Delegating;

/// <summary>Whether the schema wants a tuple to end. What it does not list at all is found out when the tuple is written.</summary>
internal static class EdgeTraits
{
    public static bool MayBeEndless(CompiledSchema schema, in RelationTuple tuple) => Allows(schema, tuple, expiration: false);

    public static bool MayEnd(CompiledSchema schema, in RelationTuple tuple) => Allows(schema, tuple, expiration: true);

    private static bool Allows(CompiledSchema schema, in RelationTuple tuple, bool expiration)
    {
        if (schema.FindType(tuple.Resource.Type) is not { } type || schema.FindMember(type.Id, tuple.Relation) is not Relation relation) return true;
        if (schema.FindType(tuple.Subject.Object.Type) is null || ResolvedUpdate.FindEdgeType(schema, relation, tuple) is not { } edge) return true;
        return edge.Allows(tuple.Caveat is { } caveat ? schema.FindCaveat(caveat.Name)?.Id : null, expiration);
    }
}
