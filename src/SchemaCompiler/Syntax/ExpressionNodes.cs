using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>The right side of a permission: a closed set.</summary>
internal abstract record ExpressionSyntax
{
    private ExpressionSyntax(TextSpan span) => Span = span;

    public TextSpan Span { get; }

    /// <summary>Nothing that could be read; already reported.</summary>
    internal sealed record Missing(TextSpan At) : ExpressionSyntax(At);

    /// <summary><c>viewer</c></summary>
    internal sealed record Name(NameSyntax Identifier) : ExpressionSyntax(Identifier.Span);

    /// <summary><c>nil</c></summary>
    internal sealed record Nil(TextSpan At) : ExpressionSyntax(At);

    /// <summary><c>self</c>, after <c>use self</c></summary>
    internal sealed record Self(TextSpan At) : ExpressionSyntax(At);

    /// <summary><c>( … )</c></summary>
    internal sealed record Parenthesized(ExpressionSyntax Inner, TextSpan At) : ExpressionSyntax(At);

    /// <summary><c>a + b + c</c>: one operator, at least two operands.</summary>
    internal sealed record Operation(TokenKind Operator, ImmutableArray<ExpressionSyntax> Operands, TextSpan At)
        : ExpressionSyntax(At);

    /// <summary><c>parent->view</c>, <c>parent.any(view)</c>, <c>parent.all(view)</c></summary>
    internal sealed record Arrow(ExpressionSyntax Left, ArrowKind Kind, NameSyntax Target, TextSpan At) : ExpressionSyntax(At);
}
