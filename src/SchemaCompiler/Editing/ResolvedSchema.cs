using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Imports;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>
/// The names of a schema, in all its files, and what they mean. Says nothing about mistakes: that is the compiler's to do. Spans
/// are the compiler's: the files lie behind each other.
/// </summary>
internal sealed record ResolvedSchema(
    ImmutableArray<ResolvedFile> Files, SchemaNames Names, Containment Containment, OccurrenceList Occurrences)
{
    /// <summary>Of a text that is too long to be read, nothing is known.</summary>
    public static ResolvedSchema Of(SchemaFile first, ISchemaFolder folder)
    {
        SourceText source = new(first.Text);
        ImportReader reader = new(folder, new DiagnosticBag(source));
        SchemaSyntax? syntax = reader.Read(first, source);
        SchemaNames names = new(syntax ?? new SchemaSyntax(TokenList.Empty, [], [], new Flags(), IsIncomplete: true));
        Containment containment = new(names);
        return new ResolvedSchema(FilesOf(reader), names, containment, NameResolver.Resolve(names, containment));
    }

    /// <summary>Where a span of the compiler's is.</summary>
    public FileSpan Place(TextSpan span)
    {
        int last = Files.Length - 1;
        while (last > 0 && Files[last].Start > span.Start) last--;
        return new FileSpan(Files[last].Path, span with { Start = span.Start - Files[last].Start });
    }

    private static ImmutableArray<ResolvedFile> FilesOf(ImportReader reader)
    {
        Dictionary<string, SchemaSyntax> syntax = reader.Files.ToDictionary(file => file.Path, file => file.Syntax, StringComparer.Ordinal);
        var files = ImmutableArray.CreateBuilder<ResolvedFile>();
        int start = 0;
        foreach (SchemaFile file in reader.Texts)
        {
            if (syntax.TryGetValue(file.Path, out SchemaSyntax? own)) files.Add(new ResolvedFile(file.Path, file.Text, start, own));
            start += file.Text.Length + 1;
        }
        return files.ToImmutable();
    }
}

/// <summary>One file of a schema.</summary>
/// <param name="Start">Where the compiler's spans of it begin.</param>
internal sealed record ResolvedFile(string Path, string Text, int Start, SchemaSyntax Syntax)
{
    public TokenList Tokens => Syntax.Tokens;

    /// <summary>A span of the compiler's, in this file.</summary>
    public TextSpan Local(TextSpan span) => span with { Start = span.Start - Start };

    /// <summary>Whether something is written in this file.</summary>
    public bool Has(TokenRange tokens) => tokens.All == Tokens;
}
