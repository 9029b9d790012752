using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>
/// A schema's text as an editor holds it, half-written or whole: what is wrong with it, what stands where, what could stand there.
/// Immutable; each part is worked out when it is first asked for. Offsets are in UTF-16 code units and clamped to the text. Never
/// throws for what the author wrote. May be used by several threads.
/// </summary>
public sealed class EditedSchema
{
    private readonly Lazy<ImmutableArray<Diagnostic>> _diagnostics;
    private readonly Lazy<ResolvedText> _resolved;

    /// <summary>A text that is in no file.</summary>
    public EditedSchema(string text) : this(text, () => Compilation.Of(text).Diagnostics) { }

    /// <summary>A file that may import others; what is wrong in these is theirs to say.</summary>
    public EditedSchema(SchemaFile file, ISchemaFolder folder)
        : this(file.Text, () => [.. Compilation.Of(file, folder).Diagnostics.Where(found => found.File == file.Path)]) { }

    private EditedSchema(string text, Func<ImmutableArray<Diagnostic>> diagnostics)
    {
        Text = text;
        _diagnostics = new Lazy<ImmutableArray<Diagnostic>>(diagnostics);
        _resolved = new Lazy<ResolvedText>(() => ResolvedText.Of(text));
    }

    public string Text { get; }

    /// <summary>Errors and warnings in the order of the text.</summary>
    public ImmutableArray<Diagnostic> Diagnostics => _diagnostics.Value;

    public ImmutableArray<OutlineItem> Outline => Editing.Outline.Of(Resolved.Names);

    private ResolvedText Resolved => _resolved.Value;

    /// <summary>What is to be said of the name or word at an offset; null: nothing.</summary>
    public Hover? HoverAt(int offset)
    {
        int at = Clamped(offset);
        if (Resolved.Occurrences.At(at) is not { } occurrence) return WordAt(at);
        return new HoverText(Resolved.Names, Resolved.Containment).Of(occurrence) is { } text ? new Hover(occurrence.Span, text) : null;
    }

    /// <summary>Where what the name at an offset means is declared: the names there.</summary>
    public ImmutableArray<TextSpan> DeclarationsAt(int offset) =>
        [.. TargetsAt(offset).Select(declared => declared.Name.Span).Where(span => span.Length > 0)];

    /// <summary>Every place that names what the name at an offset means, its declarations included; in the order of the text.</summary>
    public ImmutableArray<TextSpan> ReferencesAt(int offset)
    {
        IEnumerable<Declared> meant = Resolved.Occurrences.At(Clamped(offset)) is { Declares: { } declared } ? [declared] : TargetsAt(offset);
        return [.. meant.SelectMany(Resolved.Occurrences.Of).Select(occurrence => occurrence.Span).Distinct().OrderBy(span => span.Start)];
    }

    /// <summary>What could be written at an offset, the likeliest first, whatever the word there begins with.</summary>
    public ImmutableArray<Completion> CompletionsAt(int offset) =>
        Resolved.Names.Syntax.Tokens.IsEmpty ? [] : [.. new Completions(Resolved, Cursor.At(Text, Clamped(offset), Resolved.Names)).Possible()];

    /// <summary>The name at an offset, if there is one, and why it can't be renamed, if it can't.</summary>
    public (TextSpan? Name, string? WhyNot) RenameableAt(int offset)
    {
        Occurrence? occurrence = Resolved.Occurrences.At(Clamped(offset));
        return (occurrence?.Span, new Renaming(Text, Resolved).WhyNot(occurrence));
    }

    /// <summary>Renames what the name at an offset means, and what must share its name, everywhere.</summary>
    public SchemaRename RenameAt(int offset, string name) => new Renaming(Text, Resolved).Rename(Resolved.Occurrences.At(Clamped(offset)), name);

    private int Clamped(int offset) => Math.Clamp(offset, 0, Text.Length);

    private ImmutableArray<Declared> TargetsAt(int offset) => Resolved.Occurrences.At(Clamped(offset))?.Targets ?? [];

    /// <summary>A word of the language where it is none of the author's names.</summary>
    private Hover? WordAt(int offset)
    {
        ImmutableArray<Token> tokens = Resolved.Names.Syntax.Tokens;
        for (int i = 0; i < tokens.Length && tokens[i].Span.Start <= offset; i++)
        {
            if (offset > tokens[i].Span.End || tokens[i].Kind != TokenKind.Word) continue;
            bool isFlag = i > 0 && tokens[i - 1].Is(Words.Use);
            return WordHelp.Of(isFlag ? $"use {tokens[i].Text}" : tokens[i].Text) is { } help ? new Hover(tokens[i].Span, help) : null;
        }
        return null;
    }
}

/// <summary>What an editor shows of a piece of text.</summary>
public sealed record Hover(TextSpan Span, string Markdown);
