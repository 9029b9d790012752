using System.Collections.Immutable;

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
        var annotation = reader.TryTake(TokenKind.Colon) ? Annotation() : [];
        ExpressionSyntax expression = reader.Expect(TokenKind.Equals, "`=` and how the permission is computed")
            ? _expressions.Parse()
            : new ExpressionSyntax.Missing(reader.Current.Span);
        return new PermissionSyntax(name, annotation, expression, reader.RangeFrom(start));
    }

    private PermissionSyntax? Skip()
    {
        reader.SkipToEndOfMember();
        return null;
    }

    private ImmutableArray<NameSyntax> Annotation()
    {
        var types = ImmutableArray.CreateBuilder<NameSyntax>();
        do types.Add(reader.ExpectTypeName("a definition's name"));
        while (reader.TryTake(TokenKind.Pipe));
        return types.ToImmutable();
    }
}
