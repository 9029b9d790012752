using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>Warnings about what is allowed and yet rarely meant, SpiceDB's among them.</summary>
internal static class LintCheck
{
    public static void Report(Symbols symbols, DiagnosticBag diagnostics)
    {
        foreach (MemberSymbol member in symbols.Members)
        {
            if (member.Name != member.Type.Name && member.Name.EndsWith(member.Type.Name, StringComparison.Ordinal))
                diagnostics.Warn(member, Catalogue.NameRepeatsType(member.NameSyntax.Span, member.Name, member.Type.Name));
            if (member is PermissionSymbol permission) Mixed(permission, permission.Syntax.Expression, diagnostics);
        }
    }

    /// <summary>An operator directly within another, without parentheses: its precedence is not what readers expect.</summary>
    private static void Mixed(PermissionSymbol permission, ExpressionSyntax expression, DiagnosticBag diagnostics)
    {
        if (expression is ExpressionSyntax.Parenthesized parenthesized) Mixed(permission, parenthesized.Inner, diagnostics);
        if (expression is not ExpressionSyntax.Operation operation) return;
        foreach (ExpressionSyntax operand in operation.Operands)
        {
            if (operand is ExpressionSyntax.Operation inner)
                diagnostics.Warn(permission, Catalogue.MixedOperators(inner.Span, Sign(inner.Operator), Sign(operation.Operator)));
            Mixed(permission, operand, diagnostics);
        }
    }

    private static string Sign(TokenKind op) => op switch
    {
        TokenKind.Plus => "+",
        TokenKind.Ampersand => "&",
        _ => "-",
    };

    /// <summary>Adds a warning unless a comment at the member says to ignore it.</summary>
    public static void Warn(this DiagnosticBag diagnostics, MemberSymbol member, Diagnostic warning)
    {
        if (!member.Ignores(warning)) diagnostics.Add(warning);
    }
}
