using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>Resolves what each relation may hold, and numbers the edge types.</summary>
internal sealed class RelationBinder(Symbols symbols, DiagnosticBag diagnostics)
{
    private int _count;

    public void Bind()
    {
        foreach (RelationSymbol relation in symbols.Members.OfType<RelationSymbol>())
        {
            Allow(relation);
            relation.EdgeTypes = Merge(relation);
            if (_count > CompilerLimits.Ids)
            {
                diagnostics.Add(Catalogue.TooManyIds(relation.NameSyntax.Span, "types listed by relations"));
                return;
            }
        }
    }

    private void Allow(RelationSymbol relation)
    {
        HashSet<AllowedType>? seen = relation.Syntax.Types.Length > 1 ? new(AllowedType.SameWay) : null;
        foreach (TypeReferenceSyntax reference in relation.Syntax.Types)
        {
            if (Resolve(reference) is not { } allowed) continue;
            if (seen is null || seen.Add(allowed)) relation.Allowed.Add(allowed);
            else diagnostics.Add(Catalogue.DuplicateType(reference.Span, allowed.TextWithTraits));
        }
    }

    private AllowedType? Resolve(TypeReferenceSyntax reference)
    {
        if (reference.Type.IsMissing) return null;
        if (!symbols.ByName.TryGetValue(reference.Type.Text, out TypeSymbol? type)) return MissingDefinition(reference.Type);
        CaveatSymbol? caveat = null;
        if (reference.Caveat is { IsMissing: false } with && (caveat = Caveat(with)) is null) return null;
        if (reference.IsWildcard) return new AllowedType(reference, type, SubjectKind.Wildcard, null, caveat);
        if (reference.Relation is not { } name) return new AllowedType(reference, type, SubjectKind.Object, null, caveat);
        return MemberLookup.Find(type, name, diagnostics) is { } member
            ? new AllowedType(reference, type, SubjectKind.Userset, member, caveat)
            : null;
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

    private ImmutableArray<EdgeType> Merge(RelationSymbol relation)
    {
        if (relation.Allowed is [{ } only]) return [Number(relation, only, [Trait(only)])];
        return
        [
            .. relation.Allowed.GroupBy(a => a, AllowedType.SameSubjects)
                .Select(same => Number(relation, same.Key, [.. same.Select(Trait)])),
        ];
    }

    private EdgeType Number(RelationSymbol relation, AllowedType allowed, ImmutableArray<EdgeTrait> traits)
    {
        EdgeTypeId id = new((ushort)_count++);
        return new EdgeType(id, relation.Id, allowed.Type.Id, allowed.Kind, allowed.SubjectRelation?.Id, traits);
    }

    private static EdgeTrait Trait(AllowedType allowed) => new(allowed.Caveat?.Id, allowed.Expires);
}
