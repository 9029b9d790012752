using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Binding;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Formatting;
using AuthzGraph.SchemaCompiler.Imports;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler;

/// <summary>What became of a schema's text: a compiled schema, or at least one error; warnings either way.</summary>
public sealed record Compilation(CompiledSchema? Schema, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>The files that were read, the first one first; none when a text was compiled alone.</summary>
    public ImmutableArray<SchemaFile> Files { get; init; } = [];

    /// <summary>Whether the first file, or the text, imports others: then it is not the whole schema.</summary>
    public bool HasImports { get; init; }

    /// <summary>Compiles a schema that is in no file, and so imports none. Never throws for what the author wrote.</summary>
    public static Compilation Of(string text)
    {
        SourceText source = new(text);
        DiagnosticBag diagnostics = new(source);
        SchemaSyntax? syntax = SchemaParser.Parse(source, diagnostics);
        CompiledSchema? schema = syntax is null ? null : SchemaBinder.Bind(text, WithoutImports(syntax, diagnostics), diagnostics);
        return new Compilation(schema, diagnostics.InOrder()) { HasImports = syntax?.HasImports ?? false };
    }

    /// <summary>
    /// Compiles a file with all that it imports. The text of the compiled schema is the file's own when it imports none; else a
    /// canonical text of all of them, which compiles alone to the same schema. Never throws for what the authors wrote.
    /// </summary>
    /// <param name="folder">What <paramref name="file"/> is in, and every file it imports.</param>
    /// <exception cref="IOException">A file that is imported is there and cannot be read.</exception>
    public static Compilation Of(SchemaFile file, ISchemaFolder folder)
    {
        SourceText source = new(file.Text, file.Path);
        DiagnosticBag diagnostics = new(source);
        ImportReader reader = new(folder, diagnostics);
        SchemaSyntax? syntax = reader.Read(file, source);
        bool isOne = reader.Files.Count <= 1;
        string text = syntax is null || isOne || diagnostics.HasErrors ? file.Text : SchemaPrinter.PrintTogether(syntax);
        CompiledSchema? schema = syntax is null ? null : SchemaBinder.Bind(text, syntax, diagnostics);
        if (schema is not null && !isOne) TogetherCheck.Report(reader.Files, text, diagnostics);
        return new Compilation(diagnostics.HasErrors ? null : schema, diagnostics.InOrder()) { Files = reader.Texts, HasImports = syntax?.HasImports ?? false };
    }

    private static SchemaSyntax WithoutImports(SchemaSyntax syntax, DiagnosticBag diagnostics)
    {
        ImportSyntax[] imports = [.. syntax.TopLevel.OfType<ImportSyntax>()];
        foreach (ImportSyntax import in imports.Where(import => import is { IsAllowed: true, Path.Span.Length: > 0 }))
            diagnostics.Add(ImportCatalogue.TextCannotImport(import.Path.Span));
        return syntax with { IsIncomplete = syntax.IsIncomplete || imports.Length > 0 };
    }}
