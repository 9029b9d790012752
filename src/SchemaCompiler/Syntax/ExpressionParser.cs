using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>
/// Parses what stands after <c>=</c>. SpiceDB's precedence, which is not the usual one: <c>+</c> binds tightest, then
/// <c>&amp;</c>, then <c>-</c>; so <c>a - b + c</c> is <c>a - (b + c)</c>. An arrow binds tighter than all three.
/// </summary>
internal sealed class ExpressionParser(TokenReader reader)
{
    private static readonly TokenKind[] LoosestFirst = [TokenKind.Minus, TokenKind.Ampersand, TokenKind.Plus];

    private int _depth;

    public ExpressionSyntax Parse()
    {
        _depth = 0;
        return Operation(0);
    }

    private ExpressionSyntax Operation(int level)
    {
        if (level == LoosestFirst.Length) return Arrows();
        int start = reader.Current.Span.Start;
        ExpressionSyntax first = Operation(level + 1);
        if (!reader.At(LoosestFirst[level])) return first;

        var operands = ImmutableArray.CreateBuilder<ExpressionSyntax>(initialCapacity: 2);
        operands.Add(first);
        while (reader.TryTake(LoosestFirst[level]))
        {
            bool isTooDeep = LoosestFirst[level] == TokenKind.Minus && _depth + operands.Count > CompilerLimits.Nesting;
            if (isTooDeep) return GiveUp(Catalogue.NestsTooDeep(reader.Current.Span));
            operands.Add(Operation(level + 1));
        }
        return new ExpressionSyntax.Operation(LoosestFirst[level], operands.DrainToImmutable(), reader.SpanFrom(start));
    }

    private ExpressionSyntax Arrows()
    {
        int start = reader.Current.Span.Start;
        ExpressionSyntax left = Base();
        for (int arrows = 0; reader.At(TokenKind.Arrow) || reader.At(TokenKind.Dot); arrows++)
        {
            if (_depth + arrows >= CompilerLimits.Nesting) return GiveUp(Catalogue.NestsTooDeep(reader.Current.Span));
            left = reader.TryTake(TokenKind.Arrow) ? Arrow(left, start) : Function(left, start);
        }
        return left;
    }

    private ExpressionSyntax.Arrow Arrow(ExpressionSyntax left, int start)
    {
        NameSyntax target = reader.ExpectName("a permission's name");
        return new ExpressionSyntax.Arrow(left, ArrowKind.Any, target, reader.SpanFrom(start));
    }

    private ExpressionSyntax.Arrow Function(ExpressionSyntax left, int start)
    {
        reader.Take();
        NameSyntax function = reader.ExpectWord("`any` or `all`");
        if (!function.IsMissing && function.Text is not (Words.Any or Words.All))
            reader.ReportAlways(Catalogue.UnknownArrowFunction(function.Span, function.Text));
        reader.Expect(TokenKind.OpenParenthesis, "`(`");
        NameSyntax target = reader.ExpectName("a permission's name");
        reader.Expect(TokenKind.CloseParenthesis, "`)`");
        ArrowKind kind = function.Text == Words.All ? ArrowKind.All : ArrowKind.Any;
        return new ExpressionSyntax.Arrow(left, kind, target, reader.SpanFrom(start));
    }

    private ExpressionSyntax Base()
    {
        Token first = reader.Current;
        if (reader.TryTake(TokenKind.OpenParenthesis)) return Parentheses(first.Span.Start);
        if (first.Is(Words.Nil)) return new ExpressionSyntax.Nil(reader.Take().Span);
        if (first.Is(Words.Self) && reader.Flags.Self) return new ExpressionSyntax.Self(reader.Take().Span);
        if (first.Kind == TokenKind.Word && !reader.Flags.Reserves(first.Characters)) return new ExpressionSyntax.Name(reader.TakeName());
        return GiveUp(Catalogue.Expected(first.Span, "a relation, a permission, `nil` or `(`", TokenReader.Describe(first)));
    }

    private ExpressionSyntax Parentheses(int start)
    {
        if (++_depth > CompilerLimits.Nesting) return GiveUp(Catalogue.NestsTooDeep(reader.Current.Span));
        ExpressionSyntax inner = Operation(0);
        reader.Expect(TokenKind.CloseParenthesis, "`)`");
        _depth--;
        return new ExpressionSyntax.Parenthesized(inner, reader.SpanFrom(start));
    }

    /// <summary>Reports why, and skips the rest of the member: what is wrong there is most likely a consequence.</summary>
    private ExpressionSyntax.Missing GiveUp(Diagnostic why)
    {
        reader.Report(why);
        reader.SkipToEndOfMember();
        reader.ReportNothingHere();
        return new ExpressionSyntax.Missing(why.Span);
    }
}
