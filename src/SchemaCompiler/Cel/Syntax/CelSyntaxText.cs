using System.Collections.Immutable;
using System.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Cel.Syntax;

/// <summary>
/// An expression on one line, without comments, strings in double quotes, with as few parentheses as the precedence allows. Two
/// expressions with the same text compute the same.
/// </summary>
internal static class CelSyntaxText
{
    private const int Choice = -1, Sign = 5, Whole = 6;

    /// <summary>Of a tree that could be read.</summary>
    public static string Of(CelSyntax syntax) => syntax switch
    {
        CelSyntax.Literal literal => literal.Value.ToString(),
        CelSyntax.Name name => name.Text,
        CelSyntax.Select select => $"{Operand(select.Operand)}.{Field(select.Field)}",
        CelSyntax.Index index => $"{Operand(index.Operand)}[{Of(index.Key)}]",
        CelSyntax.Call { Target: { } target } call => $"{Operand(target)}.{call.Function}({Listed(call.Arguments)})",
        CelSyntax.Call call => $"{call.Function}({Listed(call.Arguments)})",
        CelSyntax.Unary unary => $"{Precedence.TextOf(unary.Operator)}{(IsNumber(unary.Operand) ? $"({Of(unary.Operand)})" : Within(unary.Operand, Sign))}",
        CelSyntax.Binary binary => Binary(binary, Precedence.Of(binary.Operator)),
        CelSyntax.Logical logical => Logical(logical, Precedence.Of(logical.Operator)),
        CelSyntax.Conditional choice => $"{Within(choice.Condition, Precedence.Loosest)} ? {Within(choice.Then, Precedence.Loosest)} : {Of(choice.Else)}",
        CelSyntax.List list => $"[{Listed(list.Items)}]",
        CelSyntax.Map map => $"{{{string.Join(", ", map.Keys.Zip(map.Values, (key, value) => $"{Of(key)}: {Of(value)}"))}}}",
        _ => throw new UnreachableException(),
    };

    /// <summary>The operands of <c>&amp;&amp;</c> or <c>||</c>, parentheses around more of the same left out; else the expression itself.</summary>
    public static IEnumerable<CelSyntax> Arms(CelSyntax syntax, CelTokenKind op) =>
        syntax is CelSyntax.Logical logical && logical.Operator == op ? logical.Operands.SelectMany(operand => Arms(operand, op)) : [syntax];

    private static string Binary(CelSyntax.Binary binary, int level) =>
        $"{Within(binary.Left, level)} {Precedence.TextOf(binary.Operator)} {Within(binary.Right, level + 1)}";

    private static string Logical(CelSyntax.Logical logical, int level) =>
        string.Join($" {Precedence.TextOf(logical.Operator)} ", Arms(logical, logical.Operator).Select(arm => Within(arm, level + 1)));

    private static string Listed(ImmutableArray<CelSyntax> items) => string.Join(", ", items.Select(Of));

    /// <summary>What stands before a dot or bracket.</summary>
    private static string Operand(CelSyntax operand) => IsNumber(operand) ? $"({Of(operand)})" : Within(operand, Whole);

    /// <summary>A number takes a sign before it and a dot after it for its own.</summary>
    private static bool IsNumber(CelSyntax syntax) => syntax is CelSyntax.Literal { Value.IsNumber: true };

    private static string Within(CelSyntax syntax, int least) => Tightness(syntax) >= least ? Of(syntax) : $"({Of(syntax)})";

    private static string Field(string field) =>
        field.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(field[0]) ? field : $"`{field}`";

    private static int Tightness(CelSyntax syntax) => syntax switch
    {
        CelSyntax.Conditional => Choice,
        CelSyntax.Logical logical => Precedence.Of(logical.Operator),
        CelSyntax.Binary binary => Precedence.Of(binary.Operator),
        CelSyntax.Unary => Sign,
        _ => Whole,
    };
}
