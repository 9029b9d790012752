using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Binding;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler;

/// <summary>What became of a schema's text: a compiled schema, or at least one error; warnings either way.</summary>
public sealed record Compilation(CompiledSchema? Schema, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>Compiles a schema. Never throws for what the author wrote.</summary>
    public static Compilation Of(string text)
    {
        SourceText source = new(text);
        DiagnosticBag diagnostics = new(source);
        SchemaSyntax? syntax = SchemaParser.Parse(source, diagnostics);
        CompiledSchema? schema = syntax is null ? null : SchemaBinder.Bind(source, syntax, diagnostics);
        return new Compilation(schema, diagnostics.InOrder());
    }
}
