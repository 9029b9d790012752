namespace AuthzGraph.Graph.Tests.Reference;

/// <summary>A schema as a parser with the wrong precedence would read it from the text that <see cref="SchemaPrinter"/> prints.</summary>
internal static class Misread
{
    public static SchemaModel Schema(SchemaModel schema, Func<Expression, Expression> misread) => schema with
    {
        Definitions = [.. schema.Definitions.Select(d => d with
        {
            Permissions = [.. d.Permissions.Select(p => p with { Rewrite = Everywhere(p.Rewrite, misread) })],
        })],
    };

    /// <summary><c>a + b - c</c> as <c>a + (b - c)</c>.</summary>
    public static Expression MinusBindsTightest(Expression expression) => expression is Expression.Exclusion { Base: Expression.Union union } minus
        ? new Expression.Union([.. union.Arms.SkipLast(1), new Expression.Exclusion(union.Arms[^1], minus.Subtracted)])
        : expression;

    /// <summary><c>a + b &amp; c</c> as <c>a + (b &amp; c)</c>.</summary>
    public static Expression AndBindsTighterThanPlus(Expression expression) =>
        expression is Expression.Intersection { Arms: [Expression.Union union, ..] } all
            ? new Expression.Union([.. union.Arms.SkipLast(1), new Expression.Intersection([union.Arms[^1], .. all.Arms.Skip(1)])])
            : expression;

    /// <summary><c>a - b - c</c> as <c>a - (b - c)</c>.</summary>
    public static Expression MinusGroupsToTheRight(Expression expression) => expression is Expression.Exclusion { Base: Expression.Exclusion inner } outer
        ? new Expression.Exclusion(inner.Base, new Expression.Exclusion(inner.Subtracted, outer.Subtracted))
        : expression;

    private static Expression Everywhere(Expression expression, Func<Expression, Expression> misread) => misread(expression switch
    {
        Expression.Union union => new Expression.Union([.. union.Arms.Select(a => Everywhere(a, misread))]),
        Expression.Intersection all => new Expression.Intersection([.. all.Arms.Select(a => Everywhere(a, misread))]),
        Expression.Exclusion minus => new Expression.Exclusion(Everywhere(minus.Base, misread), Everywhere(minus.Subtracted, misread)),
        _ => expression,
    });
}
