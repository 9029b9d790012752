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

/// <summary>One token of a file. What it says is read in the text, and only when somebody asks.</summary>
internal readonly record struct Token(TokenList List, int Index)
{
    public TokenKind Kind => List.Stored(Index).Kind;

    public TextSpan Span => List.Stored(Index).Span;

    public ReadOnlySpan<char> Characters => List.Source[Span];

    /// <summary>One string for all words that read alike.</summary>
    public string Text => Kind == TokenKind.Word ? List.Shared(Span) : Characters.ToString();

    /// <summary>The comments between the token before it and this one, terminators not counted as tokens.</summary>
    public ImmutableArray<Comment> Comments => List.CommentsBefore(Index);

    /// <summary>A line ends between the token before it and this one.</summary>
    public bool OnNewLine => (List.Stored(Index).Traits & TokenTraits.OnNewLine) != 0;

    /// <summary>An empty line stands directly before it.</summary>
    public bool BlankLineBefore => (List.Stored(Index).Traits & TokenTraits.BlankLineBefore) != 0;

    public bool Is(string word) => List.Is(Index, word);
}

/// <summary>What stands before a token, white space and comments, told by what the parser and the formatter need of it.</summary>
[Flags]
internal enum TokenTraits : byte { None = 0, OnNewLine = 1, BlankLineBefore = 2, HasComments = 4 }

/// <summary>A token as a list keeps it.</summary>
internal readonly record struct StoredToken(TextSpan Span, TokenKind Kind, TokenTraits Traits);

/// <summary><c>// …</c> or <c>/* … */</c>.</summary>
/// <param name="OnNewLine">A line ends between the token before it and this comment.</param>
/// <param name="BlankLineBefore">An empty line stands directly before it.</param>
internal readonly record struct Comment(string Text, bool OnNewLine, bool BlankLineBefore)
{
    public bool EndsItsLine => Text.StartsWith("//", StringComparison.Ordinal);
}

/// <summary>Tokens <c>[Start, End)</c> of <paramref name="All"/> the tokens of a file; at least one.</summary>
internal readonly record struct TokenRange(TokenList All, int Start, int End)
{
    public Token First => All[Start];
}
