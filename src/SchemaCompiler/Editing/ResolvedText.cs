using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>A text with its names and what they mean. Says nothing about mistakes: that is the compiler's to do.</summary>
internal sealed record ResolvedText(SchemaNames Names, Containment Containment, OccurrenceList Occurrences)
{
    /// <summary>Of a text that is too long to be read, nothing is known.</summary>
    public static ResolvedText Of(string text)
    {
        SourceText source = new(text);
        SchemaSyntax unread = new([], [], [], new Flags(), IsIncomplete: true);
        SchemaNames names = new(SchemaParser.Parse(source, new DiagnosticBag(source)) ?? unread);
        Containment containment = new(names);
        return new ResolvedText(names, containment, NameResolver.Resolve(names, containment));
    }
}
