using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// Holds <c>permission view: user = …</c> to its word: every type its subjects can have, through usersets and arrows, is listed.
/// What an exclusion takes away adds no type. Walked once for each annotated permission.
/// </summary>
internal sealed class AnnotationCheck(Symbols symbols, DiagnosticBag diagnostics)
{
    private readonly int[] _reachedBy = new int[symbols.Members.Count];
    private readonly Dictionary<MemberSymbol, Steps> _steps = [];

    public void Report()
    {
        foreach (PermissionSymbol permission in symbols.Members.OfType<PermissionSymbol>())
            if (!permission.Syntax.Annotation.IsEmpty) Report(permission);
    }

    private void Report(PermissionSymbol permission)
    {
        HashSet<TypeSymbol> listed = [];
        foreach (NameSyntax name in permission.Syntax.Annotation)
        {
            if (name.IsMissing) return;
            if (symbols.ByName.TryGetValue(name.Text, out TypeSymbol? type)) listed.Add(type);
            else if (!symbols.IsIncomplete)
                diagnostics.Add(Catalogue.MissingDefinition(name.Span, name.Text, diagnostics.Nearest(name.Text, symbols.ByName.Keys)));
        }
        foreach (TypeSymbol type in Reached(permission))
            if (listed.Add(type)) diagnostics.Add(Catalogue.TypeNotListed(permission.NameSyntax.Span, permission.Name, type.Name));
    }

    /// <summary>May name a type more than once.</summary>
    private IEnumerable<TypeSymbol> Reached(PermissionSymbol permission)
    {
        int walk = permission.Id.Value + 1;
        Queue<MemberSymbol> open = new([permission]);
        while (open.TryDequeue(out MemberSymbol? member))
        {
            Steps steps = StepsOf(member);
            foreach (TypeSymbol type in steps.Types) yield return type;
            foreach (MemberSymbol next in steps.Members)
            {
                if (_reachedBy[next.Id.Value] == walk) continue;
                _reachedBy[next.Id.Value] = walk;
                open.Enqueue(next);
            }
        }
    }

    private Steps StepsOf(MemberSymbol member)
    {
        if (_steps.TryGetValue(member, out Steps? known)) return known;
        Steps steps = new([], []);
        if (member is RelationSymbol relation) Walk(relation, steps);
        if (member is PermissionSymbol permission) Walk(permission.Type, permission.Rewrite, steps);
        _steps.Add(member, steps);
        return steps;
    }

    private static void Walk(RelationSymbol relation, Steps steps)
    {
        foreach (AllowedType allowed in relation.Allowed)
            if (allowed.SubjectRelation is { } member) steps.Members.Add(member);
            else steps.Types.Add(allowed.Type);
    }

    private void Walk(TypeSymbol type, Rewrite rewrite, Steps steps)
    {
        if (rewrite is Rewrite.Self) steps.Types.Add(type);
        if (rewrite is Rewrite.Reference reference) steps.Members.Add(symbols[reference.Member]);
        if (rewrite is Rewrite.Exclusion exclusion) Walk(type, exclusion.Base, steps);
        if (rewrite is Rewrite.Arrow arrow) foreach (ArrowTarget target in arrow.Targets) steps.Members.Add(symbols[target.Member]);
        if (rewrite is Rewrite.Union union) foreach (Rewrite arm in union.Arms) Walk(type, arm, steps);
        if (rewrite is Rewrite.Intersection both) foreach (Rewrite arm in both.Arms) Walk(type, arm, steps);
    }

    private sealed record Steps(HashSet<TypeSymbol> Types, HashSet<MemberSymbol> Members);
}
