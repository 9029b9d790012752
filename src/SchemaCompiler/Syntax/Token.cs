using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>The smallest parts of the text.</summary>
internal enum TokenKind : byte
{
    /// <summary>After the last character.</summary>
    End,

    /// <summary>Something the lexer has already reported.</summary>
    Bad,

    /// <summary>A newline that ends a member, or <c>;</c>.</summary>
    Terminator,

    /// <summary>A name or a keyword; also numbers and durations, <c>2</c> and <c>10m</c>.</summary>
    Word,

    String,

    /// <summary>What stands between the braces of a caveat.</summary>
    CelText,

    OpenBrace, CloseBrace, OpenParenthesis, CloseParenthesis, OpenAngle, CloseAngle,
    Colon, Comma, Pipe, Slash, Hash, Star, Equals, Plus, Ampersand, Minus, Arrow, Dot, Ellipsis,
}

/// <summary>One token. What stands before it, white space and comments, is told by what the formatter needs of it.</summary>
/// <param name="Comments">The comments between the token before it and this one, terminators not counted as tokens.</param>
/// <param name="OnNewLine">A line ends between the token before it and this one.</param>
/// <param name="BlankLineBefore">An empty line stands directly before it.</param>
internal readonly record struct Token(
    TokenKind Kind, TextSpan Span, string Text, ImmutableArray<Comment> Comments, bool OnNewLine, bool BlankLineBefore)
{
    public bool Is(string word) => Kind == TokenKind.Word && Text == word;
}

/// <summary><c>// …</c> or <c>/* … */</c>.</summary>
/// <param name="OnNewLine">A line ends between the token before it and this comment.</param>
/// <param name="BlankLineBefore">An empty line stands directly before it.</param>
internal readonly record struct Comment(string Text, bool OnNewLine, bool BlankLineBefore)
{
    public bool EndsItsLine => Text.StartsWith("//", StringComparison.Ordinal);
}

/// <summary>Tokens <c>[Start, End)</c> of <paramref name="All"/> the tokens of a file; at least one.</summary>
internal readonly record struct TokenRange(ImmutableArray<Token> All, int Start, int End)
{
    public Token First => All[Start];
}
