using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// Finds permissions that are only other names of each other: <c>permission a = b</c>, <c>permission b = a</c>. An alias has one
/// target, so each walk either ends, meets an earlier walk, or closes a cycle. As in SpiceDB, a permission that names only itself
/// is no error; that has a warning of its own.
/// </summary>
internal static class AliasCheck
{
    public static void Report(Symbols symbols, DiagnosticBag diagnostics)
    {
        HashSet<PermissionSymbol> walked = [];
        foreach (PermissionSymbol start in symbols.Members.OfType<PermissionSymbol>())
        {
            if (Target(symbols, start) is null) continue;
            List<PermissionSymbol> walk = [];
            PermissionSymbol? next = start;
            while (next is not null && walked.Add(next))
            {
                walk.Add(next);
                next = Target(symbols, next);
            }
            int closes = next is null ? -1 : walk.IndexOf(next);
            if (closes >= 0 && walk.Count - closes > 1) diagnostics.Add(Cycle(walk[closes..]));
        }
    }

    private static PermissionSymbol? Target(Symbols symbols, PermissionSymbol permission) =>
        permission.Rewrite is Rewrite.Reference alias ? symbols[alias.Member] as PermissionSymbol : null;

    private static Diagnostic Cycle(List<PermissionSymbol> cycle)
    {
        string path = string.Join(" = ", cycle.Append(cycle[0]).Take(10).Select(p => $"`{p.Name}`"));
        return Catalogue.AliasCycle(cycle[0].NameSyntax.Span, cycle[0].Name, path);
    }
}
