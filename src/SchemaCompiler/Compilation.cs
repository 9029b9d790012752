using System.Collections.Immutable;
using AuthzGraph.Model;
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
        CompiledSchema? schema = IsTooLong(source, diagnostics) ? null : Compile(source, diagnostics);
        return new Compilation(schema, diagnostics.InOrder());
    }

    private static CompiledSchema? Compile(SourceText source, DiagnosticBag diagnostics)
    {
        SchemaSyntax syntax = SchemaParser.Parse(source, diagnostics);
        return SchemaBinder.Bind(source, syntax, diagnostics);
    }

    private static bool IsTooLong(SourceText source, DiagnosticBag diagnostics)
    {
        int limit = Limits.Default.SchemaBytes;
        if (source.Utf8Bytes <= limit) return false;
        diagnostics.Add(Catalogue.TextTooLong(new TextSpan(0, 0), source.Utf8Bytes, limit));
        return true;
    }
}
