using System.Collections.Immutable;
using System.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Reflection;

/// <summary>
/// A rewrite as an author would write it, with as few parentheses as the precedence allows: <c>+</c> binds tightest, then
/// <c>&amp;</c>, then <c>-</c>. Two rewrites with the same text compute the same from members of the same names.
/// </summary>
public static class RewriteText
{
    public static string Of(CompiledSchema schema, Rewrite rewrite) => rewrite switch
    {
        Rewrite.Nil => "nil",
        Rewrite.Self => "self",
        Rewrite.Reference reference => schema[reference.Member].Name,
        Rewrite.Arrow { Kind: ArrowKind.Any } arrow => $"{schema[arrow.Relation].Name}->{arrow.TargetName}",
        Rewrite.Arrow arrow => $"{schema[arrow.Relation].Name}.all({arrow.TargetName})",
        Rewrite.Union union => Joined(schema, " + ", union.Arms, Tightness(union)),
        Rewrite.Intersection all => Joined(schema, " & ", all.Arms, Tightness(all)),
        Rewrite.Exclusion exclusion =>
            $"{Of(schema, exclusion.Base)} - {Within(schema, exclusion.Subtracted, Tightness(exclusion) + 1)}",
        _ => throw new UnreachableException(),
    };

    private static string Joined(CompiledSchema schema, string op, ImmutableArray<Rewrite> arms, int tightness) =>
        string.Join(op, arms.Select(arm => Within(schema, arm, tightness + 1)));

    private static string Within(CompiledSchema schema, Rewrite rewrite, int least) =>
        Tightness(rewrite) >= least ? Of(schema, rewrite) : $"({Of(schema, rewrite)})";

    private static int Tightness(Rewrite rewrite) => rewrite switch
    {
        Rewrite.Exclusion => 0,
        Rewrite.Intersection => 1,
        Rewrite.Union => 2,
        _ => 3,
    };
}
