using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>Parses <c>caveat weekday(day string) { day != "sunday" }</c>; what stands between the braces is CEL's to read.</summary>
internal sealed class CaveatParser(TokenReader reader)
{
    public CaveatSyntax Parse()
    {
        int start = reader.Index;
        reader.Take();
        NameSyntax name = reader.ExpectTypeName("the caveat's name");
        bool hasParameters = reader.Expect(TokenKind.OpenParenthesis, "`(` and the caveat's parameters");
        var parameters = hasParameters ? Parameters() : [];
        if (reader.At(TokenKind.Terminator) && reader.Next.Kind == TokenKind.OpenBrace) reader.Take();
        bool isOpen = reader.Expect(TokenKind.OpenBrace, "`{` and the caveat's expression");
        TokenRange header = reader.RangeFrom(start);
        NameSyntax body = new("", new TextSpan(reader.Current.Span.Start, 0));
        if (reader.At(TokenKind.CelText)) body = reader.TakeName();
        if (isOpen && string.IsNullOrWhiteSpace(body.Text)) reader.ReportExpected("an expression");
        int closeBrace = reader.Index;
        if (isOpen) reader.Expect(TokenKind.CloseBrace, "`}`, which closes the caveat,");
        return new CaveatSyntax(name, parameters, body, !hasParameters, header, closeBrace);
    }

    /// <summary>Up to and with <c>)</c>. None at all is for the binder to refuse.</summary>
    private ImmutableArray<ParameterSyntax> Parameters()
    {
        var parameters = ImmutableArray.CreateBuilder<ParameterSyntax>();
        if (reader.TryTake(TokenKind.CloseParenthesis)) return [];
        do parameters.Add(Parameter());
        while (reader.TryTake(TokenKind.Comma));
        reader.Expect(TokenKind.CloseParenthesis, "`,` or `)`");
        return parameters.ToImmutable();
    }

    private ParameterSyntax Parameter()
    {
        NameSyntax name = reader.ExpectName("a parameter's name");
        ParameterSyntax parameter = new(name, Type(0));
        bool isLineEnd = reader.At(TokenKind.Terminator) && reader.Current.Span.Length == 0;
        if (isLineEnd && reader.Next.Kind is TokenKind.Comma or TokenKind.CloseParenthesis) reader.Take();
        return parameter;
    }

    private ParameterTypeSyntax Type(int depth)
    {
        NameSyntax word = reader.ExpectWord("a parameter's type");
        ParameterTypeSyntax? child = null;
        if (depth == CompilerLimits.Nesting) reader.Report(Catalogue.NestsTooDeep(word.Span));
        else if (!word.IsMissing && reader.TryTake(TokenKind.OpenAngle))
        {
            child = Type(depth + 1);
            reader.Expect(TokenKind.CloseAngle, "`>`");
        }
        return new ParameterTypeSyntax(word, child, reader.SpanFrom(word.Span.Start));
    }
}
