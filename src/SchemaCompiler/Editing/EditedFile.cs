using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Imports;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>
/// One file of a schema: what is wrong with it, what stands where, what could stand there. Offsets are in UTF-16 code units and
/// clamped to the text.
/// </summary>
public sealed class EditedFile
{
    private readonly EditedSchema _schema;

    internal EditedFile(EditedSchema schema, string path, string text)
    {
        _schema = schema;
        Path = path;
        Text = text;
    }

    /// <summary>As <see cref="SchemaFile.Path"/>; empty: in no file.</summary>
    public string Path { get; }

    public string Text { get; }

    /// <summary>Its errors and warnings in the order of the text.</summary>
    public IEnumerable<Diagnostic> Diagnostics => _schema.Diagnostics.Where(diagnostic => (diagnostic.File ?? "") == Path);

    public ImmutableArray<OutlineItem> Outline => File is { } file ? Editing.Outline.Of(Resolved.Names, file) : [];

    private ResolvedSchema Resolved => _schema.Resolved;

    private ResolvedFile? File => Resolved.Files.FirstOrDefault(file => file.Path == Path);

    /// <summary>What is to be said of the name or word at an offset; null: nothing.</summary>
    public Hover? HoverAt(int offset)
    {
        if (NameAt(offset) is not { } occurrence) return WordAt(offset);
        return new HoverText(Resolved.Names, Resolved.Containment).Of(occurrence) is { } text ? new Hover(Resolved.Place(occurrence.Span).Span, text) : null;
    }

    /// <summary>Where what the name at an offset means is declared: the names there. Of an import, the start of its file.</summary>
    public ImmutableArray<FileSpan> DeclarationsAt(int offset)
    {
        if (ImportAt(offset) is { } imported) return [new FileSpan(imported, default)];
        ImmutableArray<Declared> targets = NameAt(offset)?.Targets ?? [];
        return [.. targets.Select(declared => Resolved.Place(declared.Name.Span))];
    }

    /// <summary>Every place that names what the name at an offset means, its declarations included; file by file in the order of the text.</summary>
    public ImmutableArray<FileSpan> ReferencesAt(int offset)
    {
        Occurrence? occurrence = NameAt(offset);
        IEnumerable<Declared> meant = occurrence?.Declares is { } declared ? [declared] : occurrence?.Targets ?? [];
        return [.. meant.SelectMany(Resolved.Occurrences.Of).Select(o => o.Span).Distinct().OrderBy(span => span.Start).Select(Resolved.Place)];
    }

    /// <summary>What could be written at an offset, the likeliest first, whatever the word there begins with.</summary>
    public ImmutableArray<Completion> CompletionsAt(int offset) =>
        File is { } file ? [.. new Completions(Resolved, file, Cursor.At(file, Clamped(offset), Resolved.Names)).Possible()] : [];

    /// <summary>The name at an offset, if there is one, and why it can't be renamed, if it can't.</summary>
    public (TextSpan? Name, string? WhyNot) RenameableAt(int offset)
    {
        Occurrence? occurrence = NameAt(offset);
        return (occurrence is null ? null : Resolved.Place(occurrence.Span).Span, new Renaming(Resolved).WhyNot(occurrence));
    }

    /// <summary>Renames what the name at an offset means, and what must share its name, everywhere.</summary>
    public SchemaRename RenameAt(int offset, string name) => new Renaming(Resolved).Rename(NameAt(offset), name);

    private int Clamped(int offset) => Math.Clamp(offset, 0, Text.Length);

    private Occurrence? NameAt(int offset) => File is { } file ? Resolved.Occurrences.At(file.Start + Clamped(offset)) : null;

    /// <summary>The file that is imported at an offset, as far as it is there.</summary>
    private string? ImportAt(int offset)
    {
        if (File is not { } file) return null;
        int at = file.Start + Clamped(offset);
        ImportSyntax? import = file.Syntax.TopLevel.OfType<ImportSyntax>().FirstOrDefault(import => import.Path.Span.Start <= at && at <= import.Path.Span.End);
        if (import is null || ImportPath.Names(import.Path.Text) is not { } path) return null;
        return Resolved.Files.FirstOrDefault(f => f.Path == path)?.Path
            ?? Resolved.Files.FirstOrDefault(f => f.Path == ImportPath.Beside(Path, path))?.Path;
    }

    /// <summary>A word of the language where it is none of the author's names.</summary>
    private Hover? WordAt(int offset)
    {
        if (File is not { } file) return null;
        int at = file.Start + Clamped(offset);
        for (int i = 0; i < file.Tokens.Count && file.Tokens[i].Span.Start <= at; i++)
        {
            Token token = file.Tokens[i];
            if (at > token.Span.End || token.Kind != TokenKind.Word) continue;
            bool isFlag = i > 0 && file.Tokens[i - 1].Is(Words.Use);
            return WordHelp.Of(isFlag ? $"use {token.Text}" : token.Text) is { } help ? new Hover(Resolved.Place(token.Span).Span, help) : null;
        }
        return null;
    }
}

/// <summary>What an editor shows of a piece of text.</summary>
public sealed record Hover(TextSpan Span, string Markdown);
