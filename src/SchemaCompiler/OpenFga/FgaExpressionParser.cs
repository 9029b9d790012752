using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.OpenFga;

/// <summary>
/// Parses what stands behind <c>define viewer:</c>. As in OpenFGA, parts joined by different operators need parentheses, and
/// so do two <c>but not</c>: no precedence is guessed.
/// </summary>
internal sealed class FgaExpressionParser(FgaReader reader)
{
    private const string ButNot = $"{FgaWords.But} {FgaWords.Not}";

    /// <summary>Null when it cannot be read, which has been reported.</summary>
    public FgaExpression? Parse() => Expression(0);

    private FgaExpression? Expression(int depth)
    {
        if (Operand(depth) is not { } first) return null;
        if (Operator() is not { } joined) return first;
        var arms = ImmutableArray.CreateBuilder<FgaExpression>();
        arms.Add(first);
        while (Operator() is { } next)
        {
            if (next != joined || (next == ButNot && arms.Count > 1)) return Mixed(next, joined);
            reader.Take();
            if (next == ButNot && !reader.Expect(FgaWords.Not)) return null;
            if (Operand(depth) is not { } arm) return null;
            arms.Add(arm);
        }
        return joined switch
        {
            FgaWords.Or => new FgaExpression.Union(arms.ToImmutable()),
            FgaWords.And => new FgaExpression.Intersection(arms.ToImmutable()),
            _ => new FgaExpression.Exclusion(arms[0], arms[1]),
        };
    }

    private string? Operator() =>
        reader.At(FgaWords.Or) ? FgaWords.Or : reader.At(FgaWords.And) ? FgaWords.And : reader.At(FgaWords.But) ? ButNot : null;

    private FgaExpression? Mixed(string second, string first)
    {
        reader.Report(FgaCatalogue.MixedOperators(reader.Current.Span, second, first));
        return null;
    }

    private FgaExpression? Operand(int depth)
    {
        if (reader.At(FgaTokenKind.OpenParenthesis)) return Parenthesised(depth);
        if (reader.At(FgaTokenKind.OpenBracket)) return Direct();
        if (reader.ExpectName("a relation, `[` or `(`") is not { } relation) return null;
        if (!reader.TryTake(FgaWords.From)) return new FgaExpression.Reference(relation);
        return reader.ExpectName("a relation") is { } tupleset ? new FgaExpression.From(relation, tupleset) : null;
    }

    private FgaExpression? Parenthesised(int depth)
    {
        FgaToken open = reader.Take();
        if (depth == CompilerLimits.Nesting)
        {
            reader.Report(FgaCatalogue.NestsTooDeep(open.Span));
            return null;
        }
        return Expression(depth + 1) is { } inner && reader.Expect(FgaTokenKind.CloseParenthesis, "`)`") ? inner : null;
    }

    private FgaExpression.Direct? Direct()
    {
        int start = reader.Take().Span.Start;
        var types = ImmutableArray.CreateBuilder<FgaTypeReference>();
        do
        {
            if (TypeReference() is not { } type) return null;
            types.Add(type);
        }
        while (reader.TryTake(FgaTokenKind.Comma));
        int end = reader.Current.Span.End;
        return reader.Expect(FgaTokenKind.CloseBracket, "`,` or `]`")
            ? new FgaExpression.Direct(types.ToImmutable(), new TextSpan(start, end - start))
            : null;
    }

    private FgaTypeReference? TypeReference()
    {
        if (reader.ExpectName("a type") is not { } type) return null;
        NameSyntax? relation = null, condition = null;
        int end = type.Span.End;
        bool isUserset = reader.TryTake(FgaTokenKind.Hash);
        if (isUserset && (relation = reader.ExpectName("a relation")) is null) return null;
        bool isWildcard = !isUserset && reader.TryTake(FgaTokenKind.Colon);
        if (isWildcard) end = reader.Current.Span.End;
        if (isWildcard && !reader.Expect(FgaTokenKind.Star, "`*`")) return null;
        if (reader.TryTake(FgaWords.With) && (condition = reader.ExpectName("a condition")) is null) return null;
        return new FgaTypeReference(type, relation, isWildcard, condition, new TextSpan(type.Span.Start, (relation?.Span.End ?? end) - type.Span.Start));
    }
}
