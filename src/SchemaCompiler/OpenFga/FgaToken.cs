using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler.OpenFga;

internal enum FgaTokenKind : byte
{
    /// <summary>After the last character.</summary>
    End,

    /// <summary>Something the lexer has already reported.</summary>
    Bad,

    /// <summary>A name, a keyword or a version.</summary>
    Word,

    /// <summary>What stands between the braces of a condition.</summary>
    CelText,

    OpenBracket, CloseBracket, OpenParenthesis, CloseParenthesis, OpenBrace, CloseBrace, OpenAngle, CloseAngle,
    Colon, Comma, Hash, Star,
}

/// <param name="Comments">The comments between the token before it and this one.</param>
/// <param name="OnNewLine">It is the first token of its line.</param>
internal readonly record struct FgaToken(
    FgaTokenKind Kind, TextSpan Span, string Text, ImmutableArray<FgaComment> Comments, bool OnNewLine)
{
    public bool Is(string word) => Kind == FgaTokenKind.Word && Text == word;
}

/// <summary>A comment without its <c>#</c>.</summary>
/// <param name="OnNewLine">Nothing but white space stands before it on its line.</param>
internal readonly record struct FgaComment(string Text, bool OnNewLine);
