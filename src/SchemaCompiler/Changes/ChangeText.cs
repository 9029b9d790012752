using System.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Changes;

/// <summary>A change in one sentence.</summary>
internal static class ChangeText
{
    public static string Of(SchemaChange change)
    {
        string definition = $"definition `{change.Definition}`";
        string member = $"`{change.Definition}#{change.Member}`";
        return change.Kind switch
        {
            ChangeKind.DelegationTurnedOn => "`use delegation` is turned on",
            ChangeKind.DelegationTurnedOff => "`use delegation` is turned off, so every check becomes plain",
            ChangeKind.CaveatRemoved => $"caveat `{change.Definition}` is removed",
            ChangeKind.CaveatAdded => $"caveat `{change.Definition}` is added",
            ChangeKind.CaveatCommentChanged => $"caveat `{change.Definition}` is documented differently",
            ChangeKind.CaveatParameterRemoved => $"caveat `{change.Definition}` no longer takes `{change.Member} {change.Before}`",
            ChangeKind.CaveatParameterAdded => $"caveat `{change.Definition}` now takes `{change.Member} {change.After}`",
            ChangeKind.CaveatParameterTypeChanged => $"caveat `{change.Definition}` now takes `{change.Member} {change.After}`, before `{change.Member} {change.Before}`",
            ChangeKind.CaveatExpressionChanged => $"caveat `{change.Definition}` becomes `{change.After}`, was `{change.Before}`",
            ChangeKind.DefinitionRemoved => $"{definition} is removed",
            ChangeKind.DefinitionAdded => $"{definition} is added",
            ChangeKind.DefinitionCommentChanged => $"{definition} is documented differently",
            ChangeKind.RoleRemoved => $"{definition} is no longer `{change.Before}`",
            ChangeKind.RoleAdded => $"{definition} becomes `{change.After}`",
            ChangeKind.RoleChanged => $"{definition} becomes `{change.After}` instead of `{change.Before}`",
            ChangeKind.DomainChanged => $"{definition} moves from {Domain(change.Before)} to {Domain(change.After)}",
            ChangeKind.WithinRemoved => $"{definition} is no longer within its `{change.Before}`",
            ChangeKind.WithinAdded => $"{definition} is now within its `{change.After}`",
            ChangeKind.RelationRemoved => $"relation {member} is removed",
            ChangeKind.RelationAdded => $"relation {member} is added",
            ChangeKind.RelationCommentChanged => $"relation {member} is documented differently",
            ChangeKind.SubjectTypeRemoved => $"relation {member} no longer holds `{change.Before}`",
            ChangeKind.SubjectTypeAdded => $"relation {member} may now hold `{change.After}`",
            ChangeKind.PermissionRemoved => $"permission {member} is removed",
            ChangeKind.PermissionAdded => $"permission {member} is added",
            ChangeKind.PermissionCommentChanged => $"permission {member} is documented differently",
            ChangeKind.PermissionExpressionChanged => $"permission {member} becomes `{change.After}`, was `{change.Before}`",
            ChangeKind.DelegableRemoved => $"{member} can no longer be delegated",
            ChangeKind.DelegableAdded => $"{member} can now be delegated {Limits(change.After)}",
            ChangeKind.DelegableTightened or ChangeKind.DelegableLoosened =>
                $"{member} can now be delegated {Limits(change.After)}, before {Limits(change.Before)}",
            ChangeKind.AutonomousRemoved => $"agents may no longer hold {member} by their own tuples",
            ChangeKind.AutonomousAdded => $"agents may now hold {member} by their own tuples",
            ChangeKind.LentScopeRemoved => $"{definition} no longer falls within `{change.Before}`: hops that lend `{change.Member}` there cover it no more",
            ChangeKind.LentScopeAdded => $"{definition} newly falls within `{change.After}`: hops that lend `{change.Member}` there cover it too",
            _ => throw new UnreachableException(),
        };
    }

    private static string Domain(string? domain) => domain is null ? "no domain" : $"domain `{domain}`";

    private static string Limits(string? rule) => string.IsNullOrEmpty(rule) ? "without limits" : $"with `{rule}`";
}
