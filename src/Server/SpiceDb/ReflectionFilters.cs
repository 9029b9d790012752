using AuthzGraph.Model;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.SchemaCompiler.Reflection;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>
/// Which parts of a schema are asked for: all without filters, and else what any filter takes. A filter names definitions or caveats by a
/// prefix, and of definitions perhaps only some relations or permissions.
/// </summary>
internal sealed class ReflectionFilters
{
    private readonly IReadOnlyCollection<ReflectionSchemaFilter> _filters;

    public ReflectionFilters(IReadOnlyCollection<ReflectionSchemaFilter> filters)
    {
        _filters = filters;
        foreach (ReflectionSchemaFilter filter in filters) Expect(filter);
    }

    public bool Takes(ReflectedDefinition definition) => _filters.Count == 0 || _filters.Any(filter => Takes(filter, definition.Name));

    public bool Takes(ReflectedCaveat caveat) =>
        _filters.Count == 0 || _filters.Any(f => f.OptionalCaveatNameFilter.Length > 0 && Starts(caveat.Name, f.OptionalCaveatNameFilter));

    public bool TakesRelation(string definition, string relation) =>
        _filters.Count == 0 || _filters.Any(f => Takes(f, definition) && f.OptionalPermissionNameFilter.Length == 0 && Starts(relation, f.OptionalRelationNameFilter));

    public bool TakesPermission(string definition, string permission) =>
        _filters.Count == 0 || _filters.Any(f => Takes(f, definition) && f.OptionalRelationNameFilter.Length == 0 && Starts(permission, f.OptionalPermissionNameFilter));

    private static bool Takes(ReflectionSchemaFilter filter, string definition) =>
        filter.OptionalDefinitionNameFilter.Length > 0 && Starts(definition, filter.OptionalDefinitionNameFilter);

    private static void Expect(ReflectionSchemaFilter filter)
    {
        bool definition = filter.OptionalDefinitionNameFilter.Length > 0, caveat = filter.OptionalCaveatNameFilter.Length > 0;
        bool relation = filter.OptionalRelationNameFilter.Length > 0, permission = filter.OptionalPermissionNameFilter.Length > 0;
        if (caveat && (definition || relation || permission)) throw Invalid("a filter names a caveat or a definition, not both");
        if (relation && permission) throw Invalid("a filter names a relation or a permission, not both");
        if ((relation || permission) && !definition) throw Invalid("a filter by relation or permission names the definition as well");
        if (!caveat && !definition) throw Invalid("a filter names a definition or a caveat");
    }

    private static bool Starts(string name, string prefix) => name.StartsWith(prefix, StringComparison.Ordinal);

    private static RejectionException Invalid(string problem) => Rejection.Invalid("INVALID_FILTER", problem);
}
