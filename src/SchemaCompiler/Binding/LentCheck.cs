using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>Warns of permissions named by <c>delegable</c> that no delegation lends, in a schema that has delegations.</summary>
internal sealed class LentCheck(Symbols symbols, DelegationModel delegation, DiagnosticBag diagnostics)
{
    public void Report()
    {
        TypeSymbol[] delegations = [.. symbols.Types.Where(type => delegation.Has(type, Words.Delegation))];
        if (delegations.Length == 0) return;
        Named[] named = [.. symbols.Types.SelectMany(Names)];
        TypeFacts lent = new(delegation.Around, delegations.SelectMany(Lent), named.Select(n => (n.Type, n.Name.Text)));
        Named[] never = [.. named.Where(n => !lent.Has(n.Type, n.Name.Text))];
        if (never.Length == 0) return;
        HashSet<(DelegableSyntax, NameSyntax)> elsewhere = [.. named.Where(n => lent.Has(n.Type, n.Name.Text)).Select(n => (n.Clause, n.Name))];
        foreach (Named name in never.DistinctBy(n => (n.Clause, n.Name)))
            if (!elsewhere.Contains((name.Clause, name.Name))) Report(name);
    }

    /// <summary>A name in a clause of a type; types that take the clause from a partial share it.</summary>
    private readonly record struct Named(TypeSymbol Type, DelegableSyntax Clause, NameSyntax Name);

    private static IEnumerable<Named> Names(TypeSymbol type) =>
        type.Clauses.OfType<DelegableSyntax>().SelectMany(clause => clause.Names.Select(name => new Named(type, clause, name)));

    private static IEnumerable<(TypeSymbol, string)> Lent(TypeSymbol delegation) =>
        delegation.Relations.SelectMany(relation => relation.Allowed.Select(allowed => (allowed.Type, relation.Name)));

    private void Report(Named named)
    {
        Diagnostic warning = DelegationCatalogue.NeverLent(named.Name.Span, named.Name.Text, named.Type.Name);
        if (IgnoredWarnings.Has(named.Clause.Comments, warning)) return;
        if (named.Type.Find(named.Name.Text) is { } member) diagnostics.Warn(member, warning);
    }
}
