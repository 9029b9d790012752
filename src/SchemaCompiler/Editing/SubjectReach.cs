using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>
/// Which subjects can be in a relation or permission, through usersets and arrows to any depth: <c>user</c>, <c>user:*</c>. What an
/// exclusion takes away adds none.
/// </summary>
internal sealed class SubjectReach(SchemaNames names)
{
    private readonly HashSet<(Declared.Block, Declared.Member)> _seen = [];
    private readonly Queue<(Declared.Block Context, Declared.Member Member)> _open = [];
    private readonly List<string> _subjects = [];

    /// <summary>Each once, the nearest first.</summary>
    /// <param name="context">The definition that has the member, which a partial may have brought.</param>
    public static List<string> Of(SchemaNames names, Declared.Block context, Declared.Member member)
    {
        SubjectReach reach = new(names);
        reach.Visit(context, member);
        while (reach._open.TryDequeue(out var next))
        {
            if (next.Member.Syntax is RelationSyntax relation) reach.Walk(relation);
            if (next.Member.Syntax is PermissionSyntax permission) reach.Walk(next.Context, permission.Expression);
        }
        return [.. reach._subjects.Distinct()];
    }

    private void Visit(Declared.Block? context, Declared.Member? member)
    {
        if (context is not null && member is not null && _seen.Add((context, member))) _open.Enqueue((context, member));
    }

    private void Walk(RelationSyntax relation)
    {
        foreach (TypeReferenceSyntax reference in relation.Types)
        {
            Declared.Block? type = names.FindDefinition(reference.Type.Text);
            if (reference.Relation is { } userset) Visit(type, type?.Find(userset.Text));
            else if (type is not null) _subjects.Add(reference.IsWildcard ? $"{type.Name.Text}:*" : type.Name.Text);
        }
    }

    private void Walk(Declared.Block context, ExpressionSyntax expression)
    {
        if (expression is ExpressionSyntax.Name name) Visit(context, context.Find(name.Identifier.Text));
        if (expression is ExpressionSyntax.Self) _subjects.Add(context.Name.Text);
        if (expression is ExpressionSyntax.Parenthesized parenthesized) Walk(context, parenthesized.Inner);
        if (expression is ExpressionSyntax.Arrow { Left: ExpressionSyntax.Name left } arrow)
            foreach (Declared.Block type in names.TypesOf(context.Find(left.Identifier.Text))) Visit(type, type.Find(arrow.Target.Text));
        if (expression is not ExpressionSyntax.Operation operation) return;
        bool isExclusion = operation.Operator == TokenKind.Minus;
        foreach (ExpressionSyntax operand in operation.Operands.Take(isExclusion ? 1 : operation.Operands.Length)) Walk(context, operand);
    }
}
