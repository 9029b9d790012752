using AuthzGraph.SchemaCompiler.Reflection;

namespace AuthzGraph.SchemaCompiler.Changes;

/// <summary>What changed in one definition that both schemas have, except what lending covers.</summary>
internal sealed class DefinitionDiff(SchemaPair pair, ObjectType before, ObjectType after)
{
    private readonly MemberDiff _members = new(pair, before, after);
    private readonly string _name = after.Name;

    public IEnumerable<SchemaChange> Changes() => [.. Own(), .. Role(), .. Domain(), .. Within(), .. _members.Changes()];

    private IEnumerable<SchemaChange> Own()
    {
        if (before.Comment != after.Comment) yield return new SchemaChange(ChangeKind.DefinitionCommentChanged, _name, null, before.Comment, after.Comment);
    }

    private IEnumerable<SchemaChange> Role()
    {
        string? old = ClauseText.Of(before.Role);
        string? now = ClauseText.Of(after.Role);
        if (old == now) yield break;
        (ChangeKind kind, Effect effect) = (old, now) switch
        {
            (_, null) => (ChangeKind.RoleRemoved, WideningRules.RoleRemoved(before.Role)),
            (null, _) => (ChangeKind.RoleAdded, WideningRules.RoleAdded(after.Role)),
            _ => (ChangeKind.RoleChanged, WideningRules.RoleChanged(before.Role, after.Role)),
        };
        yield return new SchemaChange(kind, _name, null, old, now).With(effect);
    }

    private IEnumerable<SchemaChange> Domain()
    {
        if (before.Domain != after.Domain)
            yield return new SchemaChange(ChangeKind.DomainChanged, _name, null, ClauseText.Of(before.Domain), ClauseText.Of(after.Domain));
    }

    private IEnumerable<SchemaChange> Within()
    {
        string[] old = Names(pair.Before, before);
        string[] now = Names(pair.After, after);
        foreach (string relation in old.Except(now))
            yield return new SchemaChange(ChangeKind.WithinRemoved, _name, relation, relation).With(WideningRules.WithinRemoved(before));
        foreach (string relation in now.Except(old)) yield return new SchemaChange(ChangeKind.WithinAdded, _name, relation, null, relation);
    }

    private static string[] Names(CompiledSchema schema, ObjectType type) =>
        [.. type.Within.Select(id => schema[id].Name).Order(StringComparer.Ordinal)];
}
