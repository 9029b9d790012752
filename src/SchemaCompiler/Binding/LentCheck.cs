using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>Warns of permissions named by <c>delegable</c> that no delegation lends, in a schema that has delegations.</summary>
internal sealed class LentCheck(Symbols symbols, DelegationModel delegation, DiagnosticBag diagnostics)
{
    public void Report()
    {
        if (!symbols.Types.Exists(type => delegation.Has(type, Words.Delegation))) return;
        List<Named> named = Names();
        TypeFacts lent = new(delegation.Around, LendingCheck.Lent(symbols, delegation), named.ConvertAll(n => new TypeFact(n.Type, n.Name.Text)));
        List<Named> never = named.FindAll(n => !lent.Has(n.Type, n.Name.Text));
        if (never.Count == 0) return;
        HashSet<(DelegableSyntax, NameSyntax)> elsewhere = [.. named.Where(n => lent.Has(n.Type, n.Name.Text)).Select(n => (n.Clause, n.Name))];
        foreach (Named name in never.DistinctBy(n => (n.Clause, n.Name)))
            if (!elsewhere.Contains((name.Clause, name.Name))) Report(name);
    }

    /// <summary>A name in a clause of a type; types that take the clause from a partial share it.</summary>
    private readonly record struct Named(TypeSymbol Type, DelegableSyntax Clause, NameSyntax Name);

    private List<Named> Names()
    {
        List<Named> named = [];
        foreach (TypeSymbol type in symbols.Types)
            foreach (ClauseSyntax clause in type.Clauses)
                if (clause is DelegableSyntax delegable)
                    foreach (NameSyntax name in delegable.Names) named.Add(new Named(type, delegable, name));
        return named;
    }

    private void Report(Named named)
    {
        Diagnostic warning = DelegationCatalogue.NeverLent(named.Name.Span, named.Name.Text, named.Type.Name);
        if (IgnoredWarnings.Has(named.Clause.Comments, warning)) return;
        if (named.Type.Find(named.Name.Text) is { } member) diagnostics.Warn(member, warning);
    }
}
