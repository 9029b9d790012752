using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler.Cel.Syntax;

/// <summary>An expression as it was written, without parentheses: a closed set.</summary>
internal abstract record CelSyntax
{
    private CelSyntax(TextSpan span, int depth)
    {
        Span = span;
        Depth = depth;
    }

    public TextSpan Span { get; }

    /// <summary>1 for a leaf, else one more than the deepest part.</summary>
    public int Depth { get; }

    /// <summary>Nothing that could be read; already reported.</summary>
    internal sealed record Unreadable(TextSpan At) : CelSyntax(At, 1);

    internal sealed record Literal(CelValue Value, TextSpan At) : CelSyntax(At, 1);

    internal sealed record Name(string Text, TextSpan At) : CelSyntax(At, 1);

    /// <summary><c>operand.field</c></summary>
    internal sealed record Select(CelSyntax Operand, string Field, TextSpan At) : CelSyntax(At, Operand.Depth + 1);

    /// <summary><c>operand[index]</c></summary>
    internal sealed record Index(CelSyntax Operand, CelSyntax Key, TextSpan At) : CelSyntax(At, Math.Max(Operand.Depth, Key.Depth) + 1);

    /// <summary><c>f(…)</c>, <c>target.f(…)</c></summary>
    internal sealed record Call(CelSyntax? Target, string Function, TextSpan FunctionSpan, ImmutableArray<CelSyntax> Arguments, TextSpan At)
        : CelSyntax(At, Math.Max(Target?.Depth ?? 0, Deepest(Arguments)) + 1);

    /// <summary><c>!a</c>, <c>-a</c></summary>
    internal sealed record Unary(CelTokenKind Operator, CelSyntax Operand, TextSpan At) : CelSyntax(At, Operand.Depth + 1);

    internal sealed record Binary(CelTokenKind Operator, TextSpan OperatorSpan, CelSyntax Left, CelSyntax Right, TextSpan At)
        : CelSyntax(At, Math.Max(Left.Depth, Right.Depth) + 1);

    /// <summary><c>a &amp;&amp; b &amp;&amp; c</c>, <c>a || b || c</c></summary>
    internal sealed record Logical(CelTokenKind Operator, ImmutableArray<CelSyntax> Operands, TextSpan At) : CelSyntax(At, Deepest(Operands) + 1);

    internal sealed record Conditional(CelSyntax Condition, CelSyntax Then, CelSyntax Else, TextSpan At)
        : CelSyntax(At, Math.Max(Condition.Depth, Math.Max(Then.Depth, Else.Depth)) + 1);

    internal sealed record List(ImmutableArray<CelSyntax> Items, TextSpan At) : CelSyntax(At, Deepest(Items) + 1);

    internal sealed record Map(ImmutableArray<CelSyntax> Keys, ImmutableArray<CelSyntax> Values, TextSpan At)
        : CelSyntax(At, Math.Max(Deepest(Keys), Deepest(Values)) + 1);

    private static int Deepest(ImmutableArray<CelSyntax> parts)
    {
        int depth = 0;
        foreach (CelSyntax part in parts) depth = Math.Max(depth, part.Depth);
        return depth;
    }
}
