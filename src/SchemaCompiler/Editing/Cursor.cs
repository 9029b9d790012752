using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>Where an author is writing.</summary>
/// <param name="Word">What is there of the word that ends at the cursor; it may be empty.</param>
/// <param name="Block">The definition or partial around it.</param>
/// <param name="Caveat">The caveat in whose expression it is.</param>
/// <param name="MemberName">The name of the member being written.</param>
internal sealed record Cursor(
    TextSpan Word, CompletionPlace Place, Declared.Block? Block, Declared.Caveat? Caveat, string? MemberName, bool IsBeforeDefinitions)
{
    public static Cursor At(ResolvedFile file, int offset, SchemaNames names)
    {
        string text = file.Text;
        int start = offset;
        while (start > 0 && (IsWordPart(text[start - 1]) || IsSlashInName(text, start - 1))) start--;
        int at = file.Start + start;
        Declared.Caveat? caveat = names.Caveats.Find(caveat => file.Has(caveat.Tokens) && IsInBody(caveat.Syntax, at));
        StatementBefore statement = StatementBefore.At(file.Tokens, at);
        CompletionPlace place = caveat is not null ? new CompletionPlace.CaveatBody()
            : IsInComment(file, at) ? new CompletionPlace.Free()
            : PlaceFinder.After(statement, file.Syntax.Flags);
        string? member = statement.Tokens.Length > 1 ? statement.Tokens[1].Text : null;
        bool isBefore = BlockAt(file, at, names) is null;
        return new Cursor(new TextSpan(start, offset - start), place, BlockAt(file, at, names), caveat, member, isBefore);
    }

    private static bool IsInBody(CaveatSyntax caveat, int offset)
    {
        TokenList tokens = caveat.Header.All;
        Token open = tokens[caveat.Header.End - 1];
        return open.Kind == TokenKind.OpenBrace && open.Span.End <= offset && offset <= tokens[caveat.CloseBrace].Span.Start;
    }

    private static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static bool IsSlashInName(string text, int at) => text[at] == '/' && at > 0 && IsWordPart(text[at - 1]);

    /// <summary>The last one that begins before a place: of half-written text an end may be missing.</summary>
    private static Declared.Block? BlockAt(ResolvedFile file, int offset, SchemaNames names) =>
        names.Blocks.FindLast(block => file.Has(block.Tokens) && block.Tokens.First.Span.Start <= offset);

    /// <summary>Whether a comment begins between the token before a place and the place, and has not ended.</summary>
    private static bool IsInComment(ResolvedFile file, int offset)
    {
        int from = file.Start;
        foreach (Token token in file.Tokens)
        {
            if (token.Span.Start >= offset) break;
            if (offset < token.Span.End) return token.Kind is TokenKind.String or TokenKind.Bad;
            from = token.Span.End;
        }
        return EndsInComment(file.Text.AsSpan(from - file.Start, offset - from));
    }

    private static bool EndsInComment(ReadOnlySpan<char> gap)
    {
        while (gap.IndexOf('/') is var at and >= 0 && at + 1 < gap.Length)
        {
            bool isBlock = gap[at + 1] == '*';
            ReadOnlySpan<char> inside = gap[(at + 2)..];
            int end = isBlock ? inside.IndexOf("*/") : inside.IndexOfAny('\n', '\r');
            if (end < 0) return true;
            gap = inside[(end + (isBlock ? 2 : 1))..];
        }
        return false;
    }
}
