using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>Parses <c>permission view = viewer + parent->view</c>.</summary>
internal sealed class PermissionParser(TokenReader reader)
{
    private readonly ExpressionParser _expressions = new(reader);

    public PermissionSyntax? Parse()
    {
        int start = reader.Index;
        reader.Take();
        NameSyntax name = reader.ExpectName("the permission's name");
        if (name.IsMissing) return Skip();
        if (reader.At(TokenKind.Colon)) TypeAnnotation();
        ExpressionSyntax expression = reader.Expect(TokenKind.Equals, "`=` and how the permission is computed")
            ? _expressions.Parse()
            : new ExpressionSyntax.Missing(reader.Current.Span);
        return new PermissionSyntax(name, expression, reader.RangeFrom(start));
    }

    private PermissionSyntax? Skip()
    {
        reader.SkipToEndOfMember();
        return null;
    }

    private void TypeAnnotation()
    {
        reader.Report(Catalogue.NotSupportedYet(reader.Take().Span, "type annotations of permissions"));
        do reader.ExpectTypeName("a definition's name");
        while (reader.TryTake(TokenKind.Pipe));
    }
}
