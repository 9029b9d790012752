using AuthzGraph.Protocol.Authzed;
using AuthzGraph.SchemaCompiler.Reflection;
using ReflectedCaveat = AuthzGraph.SchemaCompiler.Reflection.ReflectedCaveat;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>Parts of a schema in SpiceDB's words. Comments come as they were read, without their slashes.</summary>
internal static class Reflections
{
    public static ReflectionDefinition ToWire(ReflectedDefinition definition, ReflectionFilters filters) => new()
    {
        Name = definition.Name,
        Comment = definition.Comment ?? "",
        Relations = { definition.Relations.Where(r => filters.TakesRelation(definition.Name, r.Name)).Select(r => ToWire(definition.Name, r)) },
        Permissions = { definition.Permissions.Where(p => filters.TakesPermission(definition.Name, p.Name)).Select(p => ToWire(definition.Name, p)) },
    };

    public static ReflectionCaveat ToWire(ReflectedCaveat caveat) => new()
    {
        Name = caveat.Name,
        Comment = caveat.Comment ?? "",
        Parameters = { caveat.Parameters.Select(parameter => ToWire(caveat.Name, parameter)) },
        Expression = caveat.Expression,
    };

    public static ReflectionCaveatParameter ToWire(string caveat, ReflectedParameter parameter) =>
        new() { Name = parameter.Name, Type = parameter.Type, ParentCaveatName = caveat };

    public static ReflectionRelation ToWire(string definition, ReflectedRelation relation) => new()
    {
        Name = relation.Name,
        Comment = relation.Comment ?? "",
        ParentDefinitionName = definition,
        SubjectTypes = { relation.SubjectTypes.Select(ToWire) },
    };

    public static ReflectionPermission ToWire(string definition, ReflectedPermission permission) =>
        new() { Name = permission.Name, Comment = permission.Comment ?? "", ParentDefinitionName = definition };

    public static ReflectionTypeReference ToWire(SubjectType type)
    {
        var wire = new ReflectionTypeReference { SubjectDefinitionName = type.Definition, OptionalCaveatName = type.Caveat ?? "" };
        if (type.IsWildcard) wire.IsPublicWildcard = true;
        else if (type.Relation is { } relation) wire.OptionalRelationName = relation;
        else wire.IsTerminalSubject = true;
        return wire;
    }

    public static ReflectionRelationReference ToWire(MemberName member) =>
        new() { DefinitionName = member.Definition, RelationName = member.Name, IsPermission = member.IsPermission };
}
