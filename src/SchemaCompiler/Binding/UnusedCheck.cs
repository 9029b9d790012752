using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// Warns of what nothing uses: relations of definitions that compute permissions, and caveats. What a partial brings is used when
/// one of its definitions uses it. For schemas without errors, since what was refused may have been the use.
/// </summary>
internal sealed class UnusedCheck(Symbols symbols, DelegationModel delegation, DiagnosticBag diagnostics)
{
    private readonly bool[] _used = new bool[symbols.Members.Count];

    public void Report()
    {
        foreach (MemberSymbol member in symbols.Members) Use(member);
        foreach (TypeSymbol type in symbols.Types) UseRoles(type);
        ReportRelations();
        foreach (CaveatSymbol caveat in symbols.Caveats.Where(caveat => !caveat.IsUsed))
        {
            Diagnostic unused = CaveatCatalogue.UnusedCaveat(caveat.Syntax.Name.Span, caveat.Name);
            if (!IgnoredWarnings.Has(caveat.Syntax.Comments, unused)) diagnostics.Add(unused);
        }
    }

    private void ReportRelations()
    {
        List<RelationSymbol> unused = Unused();
        if (unused.Count == 0) return;
        HashSet<RelationSyntax> usedElsewhere = new(ReferenceEqualityComparer.Instance);
        foreach (MemberSymbol member in symbols.Members)
            if (member is RelationSymbol relation && _used[relation.Id.Value]) usedElsewhere.Add(relation.Syntax);
        foreach (RelationSymbol relation in unused)
            if (!usedElsewhere.Contains(relation.Syntax))
                diagnostics.Warn(relation, Catalogue.UnusedRelation(relation.NameSyntax.Span, relation.Name));
    }

    private List<RelationSymbol> Unused()
    {
        List<RelationSymbol> unused = [];
        foreach (TypeSymbol type in symbols.Types)
            if (type.Members.Exists(member => member is PermissionSymbol))
                foreach (MemberSymbol member in type.Members)
                    if (member is RelationSymbol relation && !_used[relation.Id.Value]) unused.Add(relation);
        return unused;
    }

    private void Use(MemberSymbol member)
    {
        if (member is PermissionSymbol permission) Use(permission.Rewrite);
        if (member.IsAutonomous || member.Delegable is not null) Use(member.Id);
        foreach (MemberId approval in member.Delegable?.Approvals ?? []) Use(approval);
        if (member is not RelationSymbol relation) return;
        foreach (AllowedType allowed in relation.Allowed)
            if (allowed.SubjectRelation is { } userset && userset != member) Use(userset.Id);
    }

    private void Use(Rewrite rewrite)
    {
        if (rewrite is Rewrite.Reference reference) Use(reference.Member);
        if (rewrite is Rewrite.Union union) foreach (Rewrite arm in union.Arms) Use(arm);
        if (rewrite is Rewrite.Intersection all) foreach (Rewrite arm in all.Arms) Use(arm);
        if (rewrite is Rewrite.Exclusion exclusion)
        {
            Use(exclusion.Base);
            Use(exclusion.Subtracted);
        }
        if (rewrite is not Rewrite.Arrow arrow) return;
        Use(arrow.Relation);
        foreach (ArrowTarget target in arrow.Targets) Use(target.Member);
    }

    private void UseRoles(TypeSymbol type)
    {
        foreach (RelationSymbol relation in delegation[type].Within) Use(relation.Id);
        if (PropertiesRelation.Of(type) is { } properties) Use(properties.Id);
        foreach (FixedRelation rule in FixedRelations.Of(type, delegation))
            if (type.Find(rule.Name) is { } member) Use(member.Id);
        if (delegation.Has(type, Words.Delegation))
            foreach (RelationSymbol lent in type.Relations) Use(lent.Id);
    }

    private void Use(MemberId member) => _used[member.Value] = true;
}
