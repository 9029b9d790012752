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
    private readonly Dictionary<MemberSymbol, SubjectSteps> _steps = [];

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
            SubjectSteps steps = StepsOf(member);
            foreach (TypeSymbol type in steps.Types) yield return type;
            foreach (MemberSymbol next in steps.Members)
            {
                if (_reachedBy[next.Id.Value] == walk) continue;
                _reachedBy[next.Id.Value] = walk;
                open.Enqueue(next);
            }
        }
    }

    private SubjectSteps StepsOf(MemberSymbol member)
    {
        if (_steps.TryGetValue(member, out SubjectSteps? known)) return known;
        SubjectSteps steps = SubjectSteps.Of(symbols, member);
        _steps.Add(member, steps);
        return steps;
    }
}
