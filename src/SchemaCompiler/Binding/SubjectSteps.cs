namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// One step from a member towards its subjects: the types it holds itself, and the members whose subjects it takes over, through
/// usersets and arrows too. What an exclusion takes away is no step. May name one more than once.
/// </summary>
internal sealed record SubjectSteps(List<TypeSymbol> Types, List<MemberSymbol> Members)
{
    public static SubjectSteps Of(Symbols symbols, MemberSymbol member)
    {
        SubjectSteps steps = new([], []);
        if (member is RelationSymbol relation) steps.Walk(relation);
        if (member is PermissionSymbol permission) steps.Walk(symbols, permission.Type, permission.Rewrite);
        return steps;
    }

    /// <summary>Of a part of a permission of <paramref name="type"/>.</summary>
    public static SubjectSteps Of(Symbols symbols, TypeSymbol type, Rewrite rewrite)
    {
        SubjectSteps steps = new([], []);
        steps.Walk(symbols, type, rewrite);
        return steps;
    }

    private void Walk(RelationSymbol relation)
    {
        foreach (AllowedType allowed in relation.Allowed)
            if (allowed.SubjectRelation is { } member) Members.Add(member);
            else Types.Add(allowed.Type);
    }

    private void Walk(Symbols symbols, TypeSymbol type, Rewrite rewrite)
    {
        if (rewrite is Rewrite.Self) Types.Add(type);
        if (rewrite is Rewrite.Reference reference) Members.Add(symbols[reference.Member]);
        if (rewrite is Rewrite.Exclusion exclusion) Walk(symbols, type, exclusion.Base);
        if (rewrite is Rewrite.Arrow arrow) foreach (ArrowTarget target in arrow.Targets) Members.Add(symbols[target.Member]);
        if (rewrite is Rewrite.Union union) foreach (Rewrite arm in union.Arms) Walk(symbols, type, arm);
        if (rewrite is Rewrite.Intersection both) foreach (Rewrite arm in both.Arms) Walk(symbols, type, arm);
    }
}
