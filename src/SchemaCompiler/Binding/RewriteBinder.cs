using System.Collections.Immutable;
using System.Diagnostics;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// Expressions → rewrites: names and arrows resolved, unions and intersections flattened, exclusions binary to the left.
/// What was refused becomes <c>nil</c>, since no schema comes of it.
/// </summary>
internal sealed class RewriteBinder(Symbols symbols, WildcardCheck wildcards, DiagnosticBag diagnostics)
{
    private static readonly Rewrite Refused = new Rewrite.Nil();

    private readonly ArrowBinder _arrows = new(symbols, wildcards, diagnostics);

    public void Bind()
    {
        foreach (PermissionSymbol permission in symbols.Members.OfType<PermissionSymbol>())
        {
            permission.Rewrite = Bind(permission, permission.Syntax.Expression);
            if (Depth(permission.Rewrite) > CompilerLimits.Nesting)
                diagnostics.Add(Catalogue.NestsTooDeep(permission.Syntax.Expression.Span));
        }
    }

    private Rewrite Bind(PermissionSymbol permission, ExpressionSyntax expression) => expression switch
    {
        ExpressionSyntax.Name name => Reference(permission, name),
        ExpressionSyntax.Arrow arrow => _arrows.Bind(permission, arrow) ?? Refused,
        ExpressionSyntax.Parenthesized parenthesized => Bind(permission, parenthesized.Inner),
        ExpressionSyntax.Operation operation =>
            Operation(operation.Operator, Bind(permission, operation.Operands)),
        ExpressionSyntax.Self => new Rewrite.Self(),
        ExpressionSyntax.Nil => new Rewrite.Nil(),
        ExpressionSyntax.Missing => Refused,
        _ => throw new UnreachableException(),
    };

    private ImmutableArray<Rewrite> Bind(PermissionSymbol permission, ImmutableArray<ExpressionSyntax> operands)
    {
        var bound = ImmutableArray.CreateBuilder<Rewrite>(operands.Length);
        foreach (ExpressionSyntax operand in operands) bound.Add(Bind(permission, operand));
        return bound.MoveToImmutable();
    }

    private Rewrite Reference(PermissionSymbol permission, ExpressionSyntax.Name name)
    {
        MemberSymbol? member = MemberLookup.Find(permission.Type, name.Identifier, diagnostics);
        if (member == permission) diagnostics.Warn(permission, Catalogue.ReferencesItself(name.Span, permission.Name));
        return member is null ? Refused : new Rewrite.Reference(member.Id);
    }

    private static Rewrite Operation(TokenKind op, ImmutableArray<Rewrite> operands) => op switch
    {
        TokenKind.Plus => new Rewrite.Union(Flat(operands, operand => operand is Rewrite.Union union ? union.Arms : default)),
        TokenKind.Ampersand => new Rewrite.Intersection(Flat(operands, operand => operand is Rewrite.Intersection all ? all.Arms : default)),
        TokenKind.Minus => operands.Skip(1).Aggregate(operands[0], (left, right) => new Rewrite.Exclusion(left, right)),
        _ => throw new UnreachableException(),
    };

    /// <param name="arms">Of an operand that is the same operation; default: it is another.</param>
    private static ImmutableArray<Rewrite> Flat(ImmutableArray<Rewrite> operands, Func<Rewrite, ImmutableArray<Rewrite>> arms)
    {
        foreach (Rewrite operand in operands)
            if (!arms(operand).IsDefault) return [.. operands.SelectMany(o => arms(o) is { IsDefault: false } inner ? inner : [o])];
        return operands;
    }

    private static int Depth(Rewrite rewrite) => rewrite switch
    {
        Rewrite.Union union => 1 + Deepest(union.Arms),
        Rewrite.Intersection intersection => 1 + Deepest(intersection.Arms),
        Rewrite.Exclusion exclusion => 1 + Math.Max(Depth(exclusion.Base), Depth(exclusion.Subtracted)),
        _ => 0,
    };

    private static int Deepest(ImmutableArray<Rewrite> arms)
    {
        int deepest = 0;
        foreach (Rewrite arm in arms) deepest = Math.Max(deepest, Depth(arm));
        return deepest;
    }
}
