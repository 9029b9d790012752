using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>Parses <c>definition folder { … }</c> and tells its members apart by their first word.</summary>
internal sealed class DefinitionParser(TokenReader reader)
{
    private readonly RelationParser _relations = new(reader);
    private readonly PermissionParser _permissions = new(reader);
    private readonly ClauseParser _clauses = new(reader);
    private readonly List<MemberSyntax> _members = [];

    public DefinitionSyntax Parse()
    {
        int start = reader.Index;
        bool isPartial = reader.Take().Is(Words.Partial);
        NameSyntax name = reader.ExpectTypeName(isPartial ? "the partial's name" : "the definition's name");
        if (!OpenBrace()) return WithoutBody(name, isPartial, start);
        TokenRange header = reader.RangeFrom(start);

        _members.Clear();
        bool isIncomplete = false;
        reader.SkipTerminators();
        while (!reader.At(TokenKind.CloseBrace) && !reader.At(TokenKind.End) && !reader.At(Words.Definition))
        {
            MemberSyntax? member = Member();
            if (member is null) isIncomplete = true;
            else _members.Add(member);
            EndOfMember();
            reader.SkipTerminators();
        }
        int closeBrace = reader.Index;
        reader.Expect(TokenKind.CloseBrace, "`}`, which closes the definition,");
        return new DefinitionSyntax(name, [.. _members], isPartial, isIncomplete, header, closeBrace);
    }

    private bool OpenBrace()
    {
        if (reader.Expect(TokenKind.OpenBrace, "`{` on the same line")) return true;
        if (!reader.At(TokenKind.Terminator) || reader.Next.Kind != TokenKind.OpenBrace) return false;
        reader.Take();
        reader.Take();
        return true;
    }

    private DefinitionSyntax WithoutBody(NameSyntax name, bool isPartial, int start)
    {
        reader.SkipToEndOfMember();
        return new DefinitionSyntax(name, [], isPartial, true, reader.RangeFrom(start), reader.Index);
    }

    private MemberSyntax? Member()
    {
        if (reader.At(Words.Relation)) return _relations.Parse();
        if (reader.At(Words.Permission)) return _permissions.Parse();
        if (reader.Flags.Delegation && Words.Clauses.Contains(reader.Current.Text)) return _clauses.Parse();
        return reader.At(TokenKind.Ellipsis) ? Splat() : NoMember();
    }

    private SplatSyntax? Splat()
    {
        int start = reader.Index;
        if (!reader.Flags.Partial) reader.Report(Catalogue.NeedsUse(reader.Current.Span, "...", Words.Partial));
        reader.Take();
        NameSyntax partial = reader.ExpectTypeName("a partial's name");
        return partial.IsMissing ? null : new SplatSyntax(partial, reader.RangeFrom(start));
    }

    private MemberSyntax? NoMember()
    {
        Token first = reader.Current;
        reader.Report(WhyNoMember(first));
        reader.Take();
        reader.SkipToEndOfMember();
        return null;
    }

    private Diagnostic WhyNoMember(Token first)
    {
        if (Words.Clauses.Contains(first.Text)) return Catalogue.NeedsUseDelegation(first.Span, first.Text);
        if (first.Kind is not TokenKind.Word) return Catalogue.ExpectedMember(first.Span, first.Text, null);
        string[] known = reader.Flags.Delegation ? [.. Words.Members, .. Words.Clauses] : Words.Members;
        return Catalogue.ExpectedMember(first.Span, first.Text, reader.Nearest(first.Text, known));
    }

    /// <summary>
    /// A member ends at a newline, <c>;</c> or the definition's <c>}</c>; anything else is reported and skipped. No member
    /// begins with an operator, so a line that does is taken as the rest of the member above.
    /// </summary>
    private void EndOfMember()
    {
        while (!AtEndOfMember() || ContinuesOnNextLine())
        {
            reader.TryTake(TokenKind.Terminator);
            reader.Report(Catalogue.ExpectedEndOfMember(reader.Current.Span, reader.Current.Text));
            reader.Take();
            reader.SkipToEndOfMember();
        }
    }

    private bool AtEndOfMember() =>
        reader.At(TokenKind.Terminator) || reader.At(TokenKind.CloseBrace) || reader.At(TokenKind.End)
        || (reader.Current.OnNewLine && reader.At(TokenKind.Word));

    private bool ContinuesOnNextLine() =>
        reader.At(TokenKind.Terminator)
        && reader.Next.Kind is TokenKind.Plus or TokenKind.Ampersand or TokenKind.Minus or TokenKind.Pipe or TokenKind.Arrow
            or TokenKind.Dot or TokenKind.Comma or TokenKind.Equals or TokenKind.Colon;
}
