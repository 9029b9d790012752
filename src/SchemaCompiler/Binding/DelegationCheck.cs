using System.Diagnostics;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>What roles and <c>within</c> demand of relations.</summary>
internal sealed class DelegationCheck(Symbols symbols, DelegationModel delegation, DiagnosticBag diagnostics)
{
    private readonly LendingCheck _lending = new(symbols, delegation, diagnostics);

    public void Report()
    {
        foreach (TypeSymbol type in symbols.Types)
        {
            FixedRelation[] fixedRelations = FixedRelations.Of(type, delegation);
            foreach (FixedRelation relation in fixedRelations) Check(type, relation);
            foreach (RelationSymbol relation in delegation[type].Within) PlainObjectsOnly(relation);
            foreach (MemberSymbol member in type.Members)
                if (member is RelationSymbol relation && !FixedRelations.Has(fixedRelations, relation.Name)) CheckOther(type, relation);
        }
    }

    private void CheckOther(TypeSymbol type, RelationSymbol relation)
    {
        if (delegation.Has(type, Words.Delegation)) _lending.Check(relation);
        else if (relation != PropertiesRelation.Of(type)) ReportStandingPrivileges(relation);
    }

    private void Check(TypeSymbol type, FixedRelation rule)
    {
        if (type.Find(rule.Name) is RelationSymbol relation) Check(relation, rule);
        else if (type.Find(rule.Name) is { } permission)
            diagnostics.Add(DelegationCatalogue.RoleNameIsPermission(permission.NameSyntax.Span, RoleOf(type), rule.Name));
        else if (rule.IsRequired && !type.IsIncomplete)
            diagnostics.Add(DelegationCatalogue.MissingRoleRelation(RoleSpan(type), RoleOf(type), rule.Name));
    }

    private void Check(RelationSymbol relation, FixedRelation rule)
    {
        foreach (AllowedType allowed in relation.Allowed)
        {
            TextSpan at = allowed.Span;
            bool isRefused = (allowed.Kind == SubjectKind.Userset && !rule.MayBeUserset)
                || (allowed.Kind == SubjectKind.Wildcard && !rule.MayBeWildcard);
            if (isRefused) diagnostics.Add(DelegationCatalogue.NotAPlainObject(at, rule.Name, Describe(allowed)));
            else if (allowed.Kind != SubjectKind.Userset && !IsHeld(allowed.Type, rule.Holds))
                diagnostics.Add(DelegationCatalogue.WrongTypeInRole(at, rule.Name, Describe(rule.Holds), allowed.Type.Name));
            if (allowed.Expires && !rule.MayExpire) diagnostics.Add(DelegationCatalogue.ExpirationNotAllowed(at, rule.Name));
            if (!rule.MayBeCaveated) NoCaveat(rule.Name, allowed);
        }
    }

    private void PlainObjectsOnly(RelationSymbol relation)
    {
        foreach (AllowedType allowed in relation.Allowed)
        {
            if (allowed.Kind != SubjectKind.Object)
                diagnostics.Add(DelegationCatalogue.NotAPlainObject(allowed.Span, relation.Name, Describe(allowed)));
            NoCaveat(relation.Name, allowed);
        }
    }

    private void NoCaveat(string relation, AllowedType allowed)
    {
        if (allowed.Caveat is { } caveat)
            diagnostics.Add(DelegationCatalogue.CaveatNotAllowed(allowed.Span, relation, caveat.Name));
    }

    private void ReportStandingPrivileges(RelationSymbol relation)
    {
        foreach (AllowedType allowed in relation.Allowed)
            if (allowed is { Kind: not SubjectKind.Userset, Expires: false }
                && delegation.IsPrincipal(allowed.Type, PrincipalKind.Agent))
                diagnostics.Add(DelegationCatalogue.StandingPrivilege(allowed.Span, relation.Name, allowed.Text));
    }

    private bool IsHeld(TypeSymbol type, Holds holds) => holds switch
    {
        Holds.Principals => delegation.IsPrincipal(type),
        Holds.Humans => delegation.IsPrincipal(type, PrincipalKind.Human),
        Holds.Agents => delegation.IsPrincipal(type, PrincipalKind.Agent),
        Holds.Tasks => delegation.Has(type, Words.Task),
        Holds.Delegations => delegation.Has(type, Words.Delegation),
        _ => throw new UnreachableException(),
    };

    private static string Describe(Holds holds) => holds switch
    {
        Holds.Principals => "principals",
        Holds.Humans => "humans, or usersets of them",
        Holds.Agents => "agents",
        Holds.Tasks => "tasks",
        Holds.Delegations => "delegations",
        _ => throw new UnreachableException(),
    };

    public static string Describe(AllowedType allowed) =>
        allowed.Kind == SubjectKind.Wildcard ? $"the wildcard `{allowed.Text}`" : $"the userset `{allowed.Text}`";

    private string RoleOf(TypeSymbol type) => delegation[type].Role switch
    {
        null => "what principals are within",
        { Kind: { } kind, Keyword: var keyword } => $"`{keyword.Text} {kind.Text}`",
        { Keyword: var keyword } => $"`{keyword.Text}`",
    };

    private TextSpan RoleSpan(TypeSymbol type) => delegation[type].Role?.Keyword.Span ?? type.Syntax.Name.Span;
}
