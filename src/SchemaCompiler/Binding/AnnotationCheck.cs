using System.Numerics;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// Holds <c>permission view: user = …</c> to its word: every type its subjects can have, through usersets and arrows, is listed.
/// What an exclusion takes away adds no type. Types are followed through all members at once, so many to a pass.
/// </summary>
internal sealed class AnnotationCheck(Symbols symbols, DiagnosticBag diagnostics)
{
    public void Report()
    {
        Annotated[] annotated = [.. symbols.Members.OfType<PermissionSymbol>().Where(p => !p.Syntax.Annotation.IsEmpty).Select(Listed).OfType<Annotated>()];
        if (annotated.Length == 0) return;
        SubjectSteps[] steps = [.. symbols.Members.Select(member => SubjectSteps.Of(symbols, member))];
        Closure closure = new([.. steps.Select(step => step.Members.ConvertAll(member => (int)member.Id.Value).ToArray())]);
        foreach (var pass in Held(steps).GroupBy(held => held.Type / Closure.FactsAtATime).OrderBy(pass => pass.Key))
        {
            if (diagnostics.HasErrorsToSpare) return;
            ulong[] types = new ulong[steps.Length];
            foreach ((int type, int member) in pass) types[member] |= Bit(type);
            closure.Spread(types);
            foreach (Annotated permission in annotated) Report(permission, pass.Key, types[permission.Symbol.Id.Value]);
        }
    }

    /// <summary>A permission with the ids of the types it lists, in their order.</summary>
    private sealed record Annotated(PermissionSymbol Symbol, int[] Listed)
    {
        private int _passed;

        /// <summary>A bit for each listed type of a pass. Passes are asked for in their order.</summary>
        public ulong ListedIn(int pass)
        {
            ulong listed = 0;
            for (; _passed < Listed.Length && Listed[_passed] / Closure.FactsAtATime <= pass; _passed++)
                if (Listed[_passed] / Closure.FactsAtATime == pass) listed |= Bit(Listed[_passed]);
            return listed;
        }
    }

    private static ulong Bit(int type) => 1UL << type % Closure.FactsAtATime;

    private static IEnumerable<(int Type, int Member)> Held(SubjectSteps[] steps)
    {
        for (int member = 0; member < steps.Length; member++)
            foreach (TypeSymbol type in steps[member].Types) yield return (type.Id.Value, member);
    }

    /// <summary>Null when a type could not be read.</summary>
    private Annotated? Listed(PermissionSymbol permission)
    {
        List<int> listed = [];
        foreach (NameSyntax name in permission.Syntax.Annotation)
        {
            if (name.IsMissing) return null;
            if (symbols.ByName.TryGetValue(name.Text, out TypeSymbol? type)) listed.Add(type.Id.Value);
            else if (!symbols.IsIncomplete)
                diagnostics.Add(Catalogue.MissingDefinition(name.Span, name.Text, diagnostics.Nearest(name.Text, symbols.ByName.Keys)));
        }
        listed.Sort();
        return new Annotated(permission, [.. listed]);
    }

    private void Report(Annotated permission, int pass, ulong reached)
    {
        PermissionSymbol symbol = permission.Symbol;
        for (ulong missing = reached & ~permission.ListedIn(pass); missing != 0 && !diagnostics.HasErrorsToSpare; missing &= missing - 1)
        {
            TypeSymbol type = symbols.Types[pass * Closure.FactsAtATime + BitOperations.TrailingZeroCount(missing)];
            diagnostics.Add(Catalogue.TypeNotListed(symbol.NameSyntax.Span, symbol.Name, type.Name));
        }
    }
}
