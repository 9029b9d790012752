namespace AuthzGraph.SchemaCompiler.Cel.Syntax;

/// <summary>A word of an expression; literals bring their value.</summary>
internal readonly record struct CelToken(CelTokenKind Kind, TextSpan Span, CelValue Value = default);

internal enum CelTokenKind
{
    End,
    Literal,
    Identifier,
    QuotedIdentifier,
    In,
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    OpenBrace,
    CloseBrace,
    Dot,
    Comma,
    Colon,
    Question,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Not,
    And,
    Or,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
