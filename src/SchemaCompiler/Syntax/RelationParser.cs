using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>Parses <c>relation viewer: user | team#member with expiration</c>.</summary>
internal sealed class RelationParser(TokenReader reader)
{
    private readonly List<TypeReferenceSyntax> _types = [];

    public RelationSyntax? Parse()
    {
        int start = reader.Index;
        reader.Take();
        NameSyntax name = reader.ExpectName("the relation's name");
        if (name.IsMissing) return Skip();
        var types = reader.Expect(TokenKind.Colon, "`:` and what the relation may hold") ? Types() : [];
        return new RelationSyntax(name, types, reader.RangeFrom(start));
    }

    private RelationSyntax? Skip()
    {
        reader.SkipToEndOfMember();
        return null;
    }

    private ImmutableArray<TypeReferenceSyntax> Types()
    {
        _types.Clear();
        do _types.Add(Type());
        while (reader.TryTake(TokenKind.Pipe));
        return [.. _types];
    }

    private TypeReferenceSyntax Type()
    {
        NameSyntax type = reader.ExpectTypeName("a definition's name");
        NameSyntax? relation = null;
        bool isWildcard = false;
        if (reader.TryTake(TokenKind.Hash))
            relation = reader.TryTake(TokenKind.Ellipsis) ? null : reader.ExpectName("a relation's name");
        else if (reader.TryTake(TokenKind.Colon)) isWildcard = reader.Expect(TokenKind.Star, "`*`");
        (NameSyntax? caveat, bool expires) = reader.TryTake(Words.With) ? Traits() : default;
        return new TypeReferenceSyntax(type, relation, isWildcard, caveat, expires, reader.SpanFrom(type.Span.Start));
    }

    /// <summary>What stands after <c>with</c>; a caveat comes first. Without <c>use expiration</c> a caveat can have that name.</summary>
    private (NameSyntax? Caveat, bool Expires) Traits()
    {
        bool isTrait = reader.At(Words.Expiration) && (reader.Flags.Expiration || reader.Next.Is(Words.And));
        if (!isTrait) return (Caveat(), reader.TryTake(Words.And) && Expiration());
        Expiration();
        if (!reader.At(Words.And)) return (null, true);
        reader.Report(Catalogue.CaveatAfterExpiration(reader.Current.Span));
        reader.Take();
        return (reader.At(TokenKind.Word) ? Caveat() : null, true);
    }

    private bool Expiration()
    {
        if (!reader.At(Words.Expiration))
        {
            reader.ReportExpected("`expiration`");
            return false;
        }
        if (!reader.Flags.Expiration) reader.Report(Catalogue.NeedsUseExpiration(reader.Current.Span));
        reader.Take();
        return true;
    }

    private NameSyntax Caveat() => reader.ExpectTypeName("a caveat's name or `expiration`");
}
