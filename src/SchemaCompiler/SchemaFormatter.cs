using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Formatting;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler;

/// <summary>A schema's canonical text; null, with at least one error, when the text cannot be read.</summary>
public sealed record FormattedSchema(string? Text, ImmutableArray<Diagnostic> Diagnostics);

/// <summary>
/// Prints a schema in its one canonical form: the same members in the same order, every comment kept, four spaces, one member a
/// line, wrapped at 120 columns, <c>user</c> for <c>user#...</c>. Formatting twice changes nothing, nor does it change what
/// the schema means. Needs text that can be read, not text that compiles.
/// </summary>
public static class SchemaFormatter
{
    /// <summary>Never throws for what the author wrote.</summary>
    public static FormattedSchema Format(string text)
    {
        SourceText source = new(text);
        DiagnosticBag diagnostics = new(source);
        SchemaSyntax? syntax = SchemaParser.Parse(source, diagnostics);
        string? canonical = syntax is null || diagnostics.HasErrors ? null : SchemaPrinter.Print(syntax);
        return new FormattedSchema(canonical, diagnostics.InOrder());
    }
}
