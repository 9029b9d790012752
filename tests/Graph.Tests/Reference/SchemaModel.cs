namespace AuthzGraph.Graph.Tests.Reference;

/// <summary>
/// A schema as the reference checker knows it: plain records, found by looking through lists. It never sees the schema
/// compiler; it prints itself as text (<see cref="SchemaPrinter"/>) and the compiler must read the same meaning out of it.
/// </summary>
internal sealed record SchemaModel(bool UsesDelegation, IReadOnlyList<Definition> Definitions)
{
    public Definition this[string type] => Definitions.Single(d => d.Name == type);

    /// <summary>The same definitions, relations and permissions with every member of <c>use delegation</c> left out.</summary>
    public SchemaModel WithoutRoles() => new(UsesDelegation: false, [.. Definitions.Select(d => new Definition(d.Name)
    {
        Relations = d.Relations,
        Permissions = d.Permissions,
    })]);

    /// <summary>
    /// Whether the tuples of one path prove a membership by themselves: unions, any-arrows, and exclusions of relations in
    /// which no permission with an exclusion can stand.
    /// </summary>
    public bool OnePathProves
    {
        get
        {
            PermissionModel[] permissions = [.. Definitions.SelectMany(d => d.Permissions)];
            bool excludes = permissions.Any(p => !p.Rewrite.IsMonotone);
            bool holdsPermissions = Definitions.SelectMany(d => d.Relations).SelectMany(r => r.Allowed)
                .Any(a => a.Relation is { } member && this[a.Type].Permission(member) is not null);
            return permissions.All(p => p.Rewrite.OnePathProves) && !(excludes && holdsPermissions);
        }
    }

    /// <summary>Whether a permission reads what revocations, suspensions and closures are written to.</summary>
    public bool PermissionsReadRoles => Definitions.Any(d => d.Permissions.Any(p => p.Rewrite.Names.Any(n =>
        n is "suspended_by" or "revoked_by" or "closed_by")));
}

internal sealed record Definition(string Name)
{
    public RoleKind Role { get; init; }
    public IReadOnlyList<RelationModel> Relations { get; init; } = [];
    public IReadOnlyList<PermissionModel> Permissions { get; init; } = [];

    /// <summary>Names of relations of this definition.</summary>
    public IReadOnlyList<string> Within { get; init; } = [];

    public IReadOnlyList<DelegableClause> Delegable { get; init; } = [];
    public IReadOnlyList<string> Autonomous { get; init; } = [];
    public string? Domain { get; init; }

    public bool Declares(string relation) => Relations.Any(r => r.Name == relation);
    public RelationModel? Relation(string name) => Relations.SingleOrDefault(r => r.Name == name);
    public PermissionModel? Permission(string name) => Permissions.SingleOrDefault(p => p.Name == name);
    public bool Has(string member) => Relation(member) is not null || Permission(member) is not null;
    public IEnumerable<string> Members => Relations.Select(r => r.Name).Concat(Permissions.Select(p => p.Name));
}

internal enum RoleKind { None, Human, Agent, Service, Task, Delegation }

internal sealed record RelationModel(string Name, IReadOnlyList<AllowedSubject> Allowed);

/// <summary><c>user</c>, <c>group#member</c> or <c>user:*</c>, then possibly <c>with expiration</c>.</summary>
internal sealed record AllowedSubject(string Type, string? Relation = null, bool Wildcard = false, bool Expiring = false)
{
    public override string ToString() =>
        $"{Type}{(Wildcard ? ":*" : "")}{(Relation is null ? "" : "#" + Relation)}{(Expiring ? " with expiration" : "")}";
}

internal sealed record PermissionModel(string Name, Expression Rewrite);

/// <summary><c>delegable view, edit max hops 2 max ttl 1h approval owner</c>; the only name may be <c>*</c>.</summary>
internal sealed record DelegableClause(IReadOnlyList<string> Names)
{
    public int? MaxHops { get; init; }
    public Duration? MaxTtl { get; init; }
    public string? Approval { get; init; }

    /// <summary><c>*</c> opens every permission; a relation must be named.</summary>
    public bool Opens(Definition definition, string member) =>
        Names.Contains(member) || Names.Contains("*") && definition.Permission(member) is not null;
}

/// <summary>Digits and one of s m h d.</summary>
internal readonly record struct Duration(int Count, char Unit)
{
    public long Microseconds => Count * 1_000_000L * Unit switch { 's' => 1, 'm' => 60, 'h' => 3_600, _ => 86_400 };

    public override string ToString() => $"{Count}{Unit}";
}
