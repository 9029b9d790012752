using System.Collections.Frozen;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>A role clause, found good, → <see cref="Role"/>.</summary>
internal static class RoleEmitter
{
    private static readonly Role None = new Role.None();

    public static Role Emit(TypeSymbol type, DelegationModel delegation)
    {
        TypeClauses clauses = delegation[type];
        if (clauses.PrincipalKind is { } kind)
            return new Role.Principal(kind, kind == PrincipalKind.Agent ? Required(type, FixedRelations.Sponsor) : null);
        return clauses.Role?.Keyword.Text switch
        {
            Words.Task => EmitTask(type),
            Words.Delegation => EmitDelegation(type, delegation),
            _ => None,
        };
    }

    private static Role.Task EmitTask(TypeSymbol type) => new(
        OpenedBy: Required(type, FixedRelations.OpenedBy),
        ClosedBy: Optional(type, FixedRelations.ClosedBy),
        Parent: Optional(type, FixedRelations.Parent));

    private static Role.Delegation EmitDelegation(TypeSymbol type, DelegationModel delegation) => new(
        Delegator: Required(type, FixedRelations.Delegator),
        Delegate: Required(type, FixedRelations.Delegate),
        Parent: Optional(type, FixedRelations.Parent),
        InTask: Optional(type, FixedRelations.InTask),
        Onward: Optional(type, FixedRelations.Onward),
        Approver: Optional(type, FixedRelations.Approver),
        RevokedBy: Optional(type, FixedRelations.RevokedBy),
        Lent: type.Relations
            .ExceptBy(FixedRelations.Of(type, delegation).Select(rule => rule.Name), relation => relation.Name)
            .ToFrozenDictionary(r => r.Name, r => r.Id, StringComparer.Ordinal));

    private static MemberId? Optional(TypeSymbol type, string name) => type.Find(name)?.Id;

    private static MemberId Required(TypeSymbol type, string name)
    {
        MemberId? id = Optional(type, name);
        Invariant.That(id is not null);
        return id.Value;
    }
}
