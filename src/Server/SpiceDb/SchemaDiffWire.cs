using AuthzGraph.Protocol.Authzed;
using AuthzGraph.SchemaCompiler.Changes;
using AuthzGraph.SchemaCompiler.Reflection;
using ReflectedCaveat = AuthzGraph.SchemaCompiler.Reflection.ReflectedCaveat;
using ReflectedDefinition = AuthzGraph.SchemaCompiler.Reflection.ReflectedDefinition;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>Changes between two schemas in SpiceDB's words, each part as it is after the change, or as it was where it is gone.</summary>
internal sealed class SchemaDiffWire(ReflectedSchema before, ReflectedSchema after)
{
    private static readonly ReflectionFilters Everything = new([]);

    /// <summary>Null for what SpiceDB has no words for: roles, what may be lent.</summary>
    public ReflectionSchemaDiff? ToWire(SchemaChange change) => change.Kind switch
    {
        ChangeKind.DefinitionAdded => new() { DefinitionAdded = Definition(after, change) },
        ChangeKind.DefinitionRemoved => new() { DefinitionRemoved = Definition(before, change) },
        ChangeKind.DefinitionCommentChanged => new() { DefinitionDocCommentChanged = Definition(after, change) },
        ChangeKind.RelationAdded => new() { RelationAdded = Relation(after, change) },
        ChangeKind.RelationRemoved => new() { RelationRemoved = Relation(before, change) },
        ChangeKind.RelationCommentChanged => new() { RelationDocCommentChanged = Relation(after, change) },
        ChangeKind.SubjectTypeAdded => new() { RelationSubjectTypeAdded = SubjectType(after, change, change.After) },
        ChangeKind.SubjectTypeRemoved => new() { RelationSubjectTypeRemoved = SubjectType(before, change, change.Before) },
        ChangeKind.PermissionAdded => new() { PermissionAdded = Permission(after, change) },
        ChangeKind.PermissionRemoved => new() { PermissionRemoved = Permission(before, change) },
        ChangeKind.PermissionCommentChanged => new() { PermissionDocCommentChanged = Permission(after, change) },
        ChangeKind.PermissionExpressionChanged => new() { PermissionExprChanged = Permission(after, change) },
        ChangeKind.CaveatAdded => new() { CaveatAdded = Caveat(after, change) },
        ChangeKind.CaveatRemoved => new() { CaveatRemoved = Caveat(before, change) },
        ChangeKind.CaveatCommentChanged => new() { CaveatDocCommentChanged = Caveat(after, change) },
        ChangeKind.CaveatExpressionChanged => new() { CaveatExprChanged = Caveat(after, change) },
        ChangeKind.CaveatParameterAdded => new() { CaveatParameterAdded = Parameter(after, change) },
        ChangeKind.CaveatParameterRemoved => new() { CaveatParameterRemoved = Parameter(before, change) },
        ChangeKind.CaveatParameterTypeChanged => new()
        {
            CaveatParameterTypeChanged = new ReflectionCaveatParameterTypeChange { Parameter = Parameter(after, change), PreviousType = change.Before ?? "" },
        },
        _ => null,
    };

    private static ReflectionDefinition Definition(ReflectedSchema schema, SchemaChange change) => Reflections.ToWire(Find(schema, change), Everything);

    private static ReflectionRelation Relation(ReflectedSchema schema, SchemaChange change) =>
        Reflections.ToWire(change.Definition, Find(schema, change).Relations.Single(r => r.Name == change.Member));

    private static ReflectionPermission Permission(ReflectedSchema schema, SchemaChange change) =>
        Reflections.ToWire(change.Definition, Find(schema, change).Permissions.Single(p => p.Name == change.Member));

    private static ReflectionRelationSubjectTypeChange SubjectType(ReflectedSchema schema, SchemaChange change, string? type)
    {
        ReflectedRelation relation = Find(schema, change).Relations.Single(r => r.Name == change.Member);
        return new ReflectionRelationSubjectTypeChange
        {
            Relation = Reflections.ToWire(change.Definition, relation),
            ChangedSubjectType = Reflections.ToWire(relation.SubjectTypes.First(t => t.ToString() == type)),
        };
    }

    private static ReflectionCaveat Caveat(ReflectedSchema schema, SchemaChange change) => Reflections.ToWire(FindCaveat(schema, change));

    private static ReflectionCaveatParameter Parameter(ReflectedSchema schema, SchemaChange change) =>
        Reflections.ToWire(change.Definition, FindCaveat(schema, change).Parameters.Single(p => p.Name == change.Member));

    private static ReflectedDefinition Find(ReflectedSchema schema, SchemaChange change) => schema.Definitions.Single(d => d.Name == change.Definition);

    private static ReflectedCaveat FindCaveat(ReflectedSchema schema, SchemaChange change) => schema.Caveats.Single(c => c.Name == change.Definition);
}
