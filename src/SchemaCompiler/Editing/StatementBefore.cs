using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>
/// The tokens of a statement up to a place, found without the syntax tree: what stands behind the place is not written yet, and
/// what stands before it need not be whole.
/// </summary>
/// <param name="InBody">Between the braces of a definition.</param>
internal sealed record StatementBefore(ImmutableArray<Token> Tokens, bool InBody)
{
    public static StatementBefore At(TokenList tokens, int offset)
    {
        int start = 0, end = 0;
        bool inBody = false;
        for (; end < tokens.Count && tokens[end].Span.Start < offset && tokens[end].Span.End <= offset; end++)
        {
            Token token = tokens[end];
            bool isCaveat = tokens[start].Is(Words.Caveat);
            if (StartsBlock(token)) (start, inBody) = (end, false);
            else if (token.OnNewLine && (token.Is(Words.Relation) || token.Is(Words.Permission))) start = end;
            else if (token.Kind == TokenKind.OpenBrace) (start, inBody) = (end + 1, !isCaveat);
            else if (token.Kind == TokenKind.CloseBrace) (start, inBody) = (end + 1, false);
            else if (token.Kind == TokenKind.Terminator && !isCaveat) start = end + 1;
        }
        return new StatementBefore([.. Enumerable.Range(Math.Min(start, end), end - Math.Min(start, end)).Select(i => tokens[i]).Where(t => t.Kind != TokenKind.Terminator)], inBody);
    }

    private static bool StartsBlock(Token token) =>
        token.OnNewLine && (token.Is(Words.Definition) || token.Is(Words.Caveat));
}
