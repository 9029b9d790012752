using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>Finds what a name of a member means, or says that it means nothing.</summary>
internal static class MemberLookup
{
    /// <summary>Null when there is none, which is then reported, unless members of the type could not be read.</summary>
    public static MemberSymbol? Find(TypeSymbol type, NameSyntax name, DiagnosticBag diagnostics)
    {
        MemberSymbol? member = type.Find(name.Text);
        if (member is null && !name.IsMissing && !type.IsIncomplete) diagnostics.Add(Missing(type, name, diagnostics));
        return member;
    }

    private static Diagnostic Missing(TypeSymbol type, NameSyntax name, DiagnosticBag diagnostics) =>
        Catalogue.MissingMember(name.Span, type.Name, name.Text, diagnostics.Nearest(name.Text, type.MemberNames));
}
