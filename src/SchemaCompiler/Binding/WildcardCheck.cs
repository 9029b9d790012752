using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// A wildcard counts only in the relation that lists it: no userset may carry it into another relation, no arrow walk from it.
/// Relations that hold one, directly or through usersets of relations, are found once, by a walk backwards along usersets.
/// </summary>
internal sealed class WildcardCheck
{
    private readonly Symbols _symbols;
    private readonly DiagnosticBag _diagnostics;
    private readonly Dictionary<MemberId, AllowedType> _wildcards = [];

    public WildcardCheck(Symbols symbols, DiagnosticBag diagnostics)
    {
        _symbols = symbols;
        _diagnostics = diagnostics;
        Spread();
    }

    /// <summary>The wildcard a relation may hold, directly or through usersets.</summary>
    public AllowedType? Of(RelationSymbol relation) => _wildcards.GetValueOrDefault(relation.Id);

    /// <summary>Reports usersets of relations that list a wildcard themselves; what lies further is a consequence.</summary>
    public void ReportTransitive()
    {
        if (_wildcards.Count == 0) return;
        foreach (RelationSymbol relation in _symbols.WithUsersets)
            foreach (AllowedType allowed in relation.Allowed)
                if (allowed.SubjectRelation is RelationSymbol subject && Direct(subject) is { } wildcard)
                    _diagnostics.Add(Catalogue.TransitiveWildcard(allowed.Span, allowed.Text, wildcard.Text));
    }

    private AllowedType? Direct(RelationSymbol relation) =>
        _wildcards.GetValueOrDefault(relation.Id) is { } wildcard && relation.Allowed.Contains(wildcard) ? wildcard : null;

    private void Spread()
    {
        Queue<RelationSymbol> reached = new();
        foreach (RelationSymbol relation in _symbols.WithWildcards)
            if (relation.Allowed.FirstOrDefault(a => a.Kind == SubjectKind.Wildcard) is { } wildcard) Reach(relation, wildcard, reached);
        if (reached.Count == 0) return;
        ILookup<MemberId, RelationSymbol> holders = Holders().ToLookup(pair => pair.Held, pair => pair.Holder);
        while (reached.TryDequeue(out RelationSymbol? relation))
            foreach (RelationSymbol holder in holders[relation.Id]) Reach(holder, _wildcards[relation.Id], reached);
    }

    private IEnumerable<(MemberId Held, RelationSymbol Holder)> Holders()
    {
        foreach (RelationSymbol relation in _symbols.WithUsersets)
            foreach (AllowedType allowed in relation.Allowed)
                if (allowed.SubjectRelation is RelationSymbol held) yield return (held.Id, relation);
    }

    private void Reach(RelationSymbol relation, AllowedType wildcard, Queue<RelationSymbol> reached)
    {
        if (_wildcards.TryAdd(relation.Id, wildcard)) reached.Enqueue(relation);
    }
}
