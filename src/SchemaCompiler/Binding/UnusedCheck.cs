using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// Warns of what nothing uses: relations of definitions that compute permissions, caveats, and <c>delegable</c> names that no
/// delegation lends. What a partial brings is used when one of its definitions uses it. For schemas without errors, since what was
/// refused may have been the use.
/// </summary>
internal sealed class UnusedCheck(Symbols symbols, DelegationModel delegation, DiagnosticBag diagnostics)
{
    private readonly HashSet<MemberSyntax> _used = new(ReferenceEqualityComparer.Instance);

    public void Report()
    {
        foreach (MemberSymbol member in symbols.Members) Use(member);
        foreach (TypeSymbol type in symbols.Types) UseRoles(type);
        foreach (TypeSymbol type in symbols.Types)
            if (type.Members.Exists(member => member is PermissionSymbol)) ReportUnused(type);
        foreach (CaveatSymbol caveat in symbols.Caveats)
        {
            Diagnostic unused = CaveatCatalogue.UnusedCaveat(caveat.Syntax.Name.Span, caveat.Name);
            if (!caveat.IsUsed && !IgnoredWarnings.Has(caveat.Syntax.Comments, unused)) diagnostics.Add(unused);
        }
        if (symbols.Types.Exists(type => delegation.Has(type, Words.Delegation))) new LentCheck(symbols, delegation, diagnostics).Report();
    }

    private void ReportUnused(TypeSymbol type)
    {
        foreach (RelationSymbol relation in type.Relations)
            if (!_used.Contains(relation.Syntax))
                diagnostics.Warn(relation, Catalogue.UnusedRelation(relation.NameSyntax.Span, relation.Name));
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
        foreach (RelationSymbol relation in delegation[type].Within) _used.Add(relation.Syntax);
        foreach (FixedRelation rule in FixedRelations.Of(type, delegation))
            if (type.Find(rule.Name) is { } member) Use(member.Id);
        if (delegation.Has(type, Words.Delegation))
            foreach (RelationSymbol lent in type.Relations) _used.Add(lent.Syntax);
    }

    private void Use(MemberId member)
    {
        if (symbols[member] is RelationSymbol relation) _used.Add(relation.Syntax);
    }
}

/// <summary>Warns of permissions named by <c>delegable</c> that no delegation lends, in a schema that has delegations.</summary>
internal sealed class LentCheck(Symbols symbols, DelegationModel delegation, DiagnosticBag diagnostics)
{
    private readonly Dictionary<string, IReadOnlySet<TypeSymbol>> _covered = new(StringComparer.Ordinal);

    public void Report()
    {
        var lent = symbols.Types.Where(type => delegation.Has(type, Words.Delegation)).SelectMany(type => type.Relations)
            .GroupBy(relation => relation.Name, StringComparer.Ordinal);
        foreach (IGrouping<string, RelationSymbol> relations in lent)
            _covered.Add(relations.Key, delegation.CoveredBy(relations.SelectMany(relation => relation.Allowed).Select(allowed => allowed.Type)));
        foreach (var sharing in symbols.Types.SelectMany(Names).GroupBy(named => (named.Clause, named.Name)))
            if (!sharing.Any(named => IsLent(named.Type, named.Name))) Report(sharing.First());
    }

    private readonly record struct Named(TypeSymbol Type, DelegableSyntax Clause, NameSyntax Name);

    private static IEnumerable<Named> Names(TypeSymbol type) =>
        type.Clauses.OfType<DelegableSyntax>().SelectMany(clause => clause.Names.Select(name => new Named(type, clause, name)));

    private bool IsLent(TypeSymbol type, NameSyntax name) =>
        _covered.TryGetValue(name.Text, out IReadOnlySet<TypeSymbol>? covered) && covered.Contains(type);

    private void Report(Named named)
    {
        Diagnostic warning = DelegationCatalogue.NeverLent(named.Name.Span, named.Name.Text, named.Type.Name);
        if (IgnoredWarnings.Has(named.Clause.Comments, warning)) return;
        if (named.Type.Find(named.Name.Text) is { } member) diagnostics.Warn(member, warning);
    }
}
