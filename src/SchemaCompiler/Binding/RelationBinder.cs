using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>Resolves what each relation may hold, and numbers the edge types.</summary>
internal sealed class RelationBinder(Symbols symbols, DiagnosticBag diagnostics)
{
    private static readonly ImmutableArray<EdgeTrait> Plain = [new EdgeTrait(null, false)];
    private static readonly ImmutableArray<EdgeTrait> Expiring = [new EdgeTrait(null, true)];

    private readonly List<AllowedType> _allowed = [];
    private readonly List<EdgeType> _edgeTypes = [];

    public void Bind()
    {
        foreach (RelationSymbol relation in symbols.Members.OfType<RelationSymbol>())
        {
            Bind(relation);
            if (symbols.EdgeTypes.Count > CompilerLimits.Ids)
            {
                diagnostics.Add(Catalogue.TooManyIds(relation.NameSyntax.Span, "types listed by relations"));
                return;
            }
        }
    }

    private void Bind(RelationSymbol relation)
    {
        bool repeatsType = Allow(relation);
        if (repeatsType) RefuseDuplicates();
        relation.Allowed = [.. _allowed];
        if (Lists(relation, SubjectKind.Wildcard)) symbols.WithWildcards.Add(relation);
        if (Lists(relation, SubjectKind.Userset)) symbols.WithUsersets.Add(relation);
        _edgeTypes.Clear();
        if (repeatsType) Merge(relation);
        else foreach (AllowedType allowed in relation.Allowed) Number(relation, allowed, Traits(allowed));
        relation.EdgeTypes = [.. _edgeTypes];
    }

    /// <summary>Whether a type is listed more than once, in whatever way. Most relations list each once: then nothing is to be merged.</summary>
    private bool Allow(RelationSymbol relation)
    {
        bool repeatsType = false;
        _allowed.Clear();
        foreach (TypeReferenceSyntax reference in relation.Syntax.Types)
        {
            if (Resolve(reference) is not { } allowed) continue;
            repeatsType |= allowed.Type.ListedBy == relation;
            allowed.Type.ListedBy = relation;
            _allowed.Add(allowed);
        }
        return repeatsType;
    }

    private void RefuseDuplicates()
    {
        HashSet<AllowedType> seen = new(AllowedType.SameWay);
        _allowed.RemoveAll(allowed =>
        {
            bool isDuplicate = !seen.Add(allowed);
            if (isDuplicate) diagnostics.Add(Catalogue.DuplicateType(allowed.Span, allowed.TextWithTraits));
            return isDuplicate;
        });
    }

    private static bool Lists(RelationSymbol relation, SubjectKind kind)
    {
        foreach (AllowedType allowed in relation.Allowed)
            if (allowed.Kind == kind) return true;
        return false;
    }

    private AllowedType? Resolve(TypeReferenceSyntax reference)
    {
        if (reference.Type.IsMissing) return null;
        if (!symbols.ByName.TryGetValue(reference.Type.Text, out TypeSymbol? type)) return MissingDefinition(reference.Type);
        CaveatSymbol? caveat = null;
        if (reference.Caveat is { IsMissing: false } with && (caveat = Caveat(with)) is null) return null;
        if (reference.IsWildcard) return As(SubjectKind.Wildcard, null);
        if (reference.Relation is not { } name) return As(SubjectKind.Object, null);
        return MemberLookup.Find(type, name, diagnostics) is { } member ? As(SubjectKind.Userset, member) : null;

        AllowedType As(SubjectKind kind, MemberSymbol? subjectRelation) =>
            new(reference.Span, type, kind, subjectRelation, caveat, reference.Expires);
    }

    private CaveatSymbol? Caveat(NameSyntax name)
    {
        if (symbols.CaveatsByName.TryGetValue(name.Text, out CaveatSymbol? caveat)) caveat.IsUsed = true;
        else if (name.Text == Words.Expiration) diagnostics.Add(Catalogue.NeedsUseExpiration(name.Span));
        else if (!symbols.IsIncomplete)
            diagnostics.Add(CaveatCatalogue.MissingCaveat(name.Span, name.Text, diagnostics.Nearest(name.Text, symbols.CaveatsByName.Keys)));
        return caveat;
    }

    private AllowedType? MissingDefinition(NameSyntax name)
    {
        if (!symbols.IsIncomplete)
            diagnostics.Add(Catalogue.MissingDefinition(name.Span, name.Text, diagnostics.Nearest(name.Text, symbols.ByName.Keys)));
        return null;
    }

    /// <summary><c>user | user with expiration</c> is one edge type.</summary>
    private void Merge(RelationSymbol relation)
    {
        foreach (IGrouping<AllowedType, AllowedType> same in relation.Allowed.GroupBy(a => a, AllowedType.SameSubjects))
            Number(relation, same.Key, same.Count() == 1 ? Traits(same.Key) : [.. same.Select(Trait)]);
    }

    private void Number(RelationSymbol relation, AllowedType allowed, ImmutableArray<EdgeTrait> traits)
    {
        EdgeTypeId id = new((ushort)symbols.EdgeTypes.Count);
        EdgeType edgeType = new(id, relation.Id, allowed.Type.Id, allowed.Kind, allowed.SubjectRelation?.Id, traits);
        _edgeTypes.Add(edgeType);
        symbols.EdgeTypes.Add(edgeType);
    }

    /// <summary>Most edge types share one of two lists.</summary>
    private static ImmutableArray<EdgeTrait> Traits(AllowedType only) =>
        only.Caveat is not null ? [Trait(only)] : only.Expires ? Expiring : Plain;

    private static EdgeTrait Trait(AllowedType allowed) => new(allowed.Caveat?.Id, allowed.Expires);
}
