using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler.Reflection;

/// <summary>A schema as plain records, each list in the author's order; no ids, so that it means the same anywhere.</summary>
public sealed record ReflectedSchema(ImmutableArray<ReflectedDefinition> Definitions, ImmutableArray<ReflectedCaveat> Caveats)
{
    public static ReflectedSchema Of(CompiledSchema schema) => new(
        [.. schema.Types.Select(type => Reflect(schema, type))],
        [.. ReflectedCaveat.Of(schema)]);

    private static ReflectedDefinition Reflect(CompiledSchema schema, ObjectType type) => new(type.Name)
    {
        Comment = type.Comment,
        Role = ClauseText.Of(type.Role),
        Domain = ClauseText.Of(type.Domain),
        Within = [.. type.Within.Select(id => schema[id].Name)],
        Relations = [.. type.Members.OfType<Relation>().Select(relation => Reflect(schema, relation))],
        Permissions = [.. type.Members.OfType<Permission>().Select(permission => Reflect(schema, permission))],
    };

    private static ReflectedRelation Reflect(CompiledSchema schema, Relation relation) => new(relation.Name, [.. SubjectType.Of(schema, relation)])
    {
        Comment = relation.Comment,
        IsAutonomous = relation.IsAutonomous,
        Delegable = relation.Delegable is { } rule ? ClauseText.Of(schema, rule) : null,
    };

    private static ReflectedPermission Reflect(CompiledSchema schema, Permission permission) => new(permission.Name, RewriteText.Of(schema, permission.Rewrite))
    {
        Comment = permission.Comment,
        IsAutonomous = permission.IsAutonomous,
        Delegable = permission.Delegable is { } rule ? ClauseText.Of(schema, rule) : null,
    };
}

/// <summary>One definition; what lists members does so in the author's order.</summary>
public sealed record ReflectedDefinition(string Name)
{
    public string? Comment { get; init; }

    /// <summary><c>principal agent</c>, <c>task</c> or <c>delegation</c>; null: none.</summary>
    public string? Role { get; init; }

    /// <summary><c>data</c>; null: none.</summary>
    public string? Domain { get; init; }

    /// <summary>The relations of its <c>within</c> clauses.</summary>
    public ImmutableArray<string> Within { get; init; } = [];

    public ImmutableArray<ReflectedRelation> Relations { get; init; } = [];
    public ImmutableArray<ReflectedPermission> Permissions { get; init; } = [];
}

public sealed record ReflectedRelation(string Name, ImmutableArray<SubjectType> SubjectTypes)
{
    public string? Comment { get; init; }
    public bool IsAutonomous { get; init; }

    /// <summary>The limits, <c>max hops 2 max ttl 1h</c>; empty: none; null: it can't be exercised through hops.</summary>
    public string? Delegable { get; init; }
}

/// <param name="Expression">Canonical (<see cref="RewriteText"/>).</param>
public sealed record ReflectedPermission(string Name, string Expression)
{
    public string? Comment { get; init; }
    public bool IsAutonomous { get; init; }

    /// <inheritdoc cref="ReflectedRelation.Delegable"/>
    public string? Delegable { get; init; }
}

/// <summary>A relation or permission by its names.</summary>
public sealed record MemberName(string Definition, string Name, bool IsPermission)
{
    public override string ToString() => $"{Definition}#{Name}";
}
