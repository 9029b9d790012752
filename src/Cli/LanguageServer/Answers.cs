using System.Globalization;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Editing;

namespace AuthzGraph.Cli.LanguageServer;

/// <summary>What the editor is told of one document, in the protocol's words.</summary>
internal static class Answers
{
    private const string Source = "authzgraph";
    private const int Error = 1, Warning = 2, Unnecessary = 1;

    /// <summary>Diagnostics about what is written and never used: editors fade it.</summary>
    private static readonly string[] Unused = ["AZ0251", "AZ0452", "AZ0503", "AZ0550"];

    public static PublishDiagnosticsParams Diagnostics(DocumentView view) => new(view.Document.Uri, view.Document.Version,
    [
        .. view.File.Diagnostics.Select(d => new LspDiagnostic(
            view.Range(d.Span), d.Severity == Severity.Error ? Error : Warning, d.Code, Source,
            d.Help is { } help ? $"{d.Message}\nhelp: {help}" : d.Message, Unused.Contains(d.Code) ? [Unnecessary] : null)),
    ]);

    /// <summary>What the name or word is, and what is wrong there. Nobody waits for mistakes that have not been shown yet.</summary>
    public static HoverResult? Hover(DocumentView view, int offset)
    {
        Hover? hover = view.File.HoverAt(offset);
        IEnumerable<Diagnostic> shown = view.Schema.IsCompiled ? view.File.Diagnostics : [];
        List<Diagnostic> wrong = [.. shown.Where(d => d.Span.Start <= offset && offset <= d.Span.End)];
        IEnumerable<string> codes = wrong.Select(d => d.Code);
        TextSpan? code = DiagnosticCode.At(view.File.Text, offset);
        if (code is { } named) codes = codes.Append(view.File.Text.Substring(named.Start, named.Length));
        List<string> parts = [.. codes.Distinct().Select(Printing.LanguagePage.Section).OfType<string>()];
        if (hover is not null) parts.Insert(0, hover.Markdown);
        TextSpan span = hover?.Span ?? code ?? (wrong.Count > 0 ? wrong[0].Span : default);
        return parts.Count == 0 ? null : new HoverResult(MarkupContent.Markdown(string.Join("\n\n---\n\n", parts)), view.Range(span));
    }

    public static Location[] Declarations(DocumentView view, int offset) =>
        [.. view.File.DeclarationsAt(offset).Select(view.Place)];

    public static Location[] References(DocumentView view, int offset, ReferenceContext context)
    {
        IEnumerable<FileSpan> left = context.IncludeDeclaration ? [] : view.File.DeclarationsAt(offset);
        return [.. view.File.ReferencesAt(offset).Except(left).Select(view.Place)];
    }

    public static CompletionItem[] Completions(DocumentView view, int offset) =>
    [
        .. view.File.CompletionsAt(offset).Select((completion, i) => new CompletionItem(
            completion.Text, CompletionKind(completion.Kind), completion.Detail,
            completion.Help is { } help ? MarkupContent.Markdown(help) : null,
            i.ToString("D5", CultureInfo.InvariantCulture), new TextEdit(view.Range(completion.Replaces), completion.Text))),
    ];

    public static DocumentSymbol[] Symbols(DocumentView view, IEnumerable<OutlineItem> items) =>
    [
        .. items.Select(item => new DocumentSymbol(
            item.Name, item.Detail, SymbolKind(item.Kind), view.Range(item.Span), view.Range(item.NameSpan),
            Symbols(view, item.Children))),
    ];

    /// <summary>Null where there is no name.</summary>
    public static PrepareRenameResult? Renameable(DocumentView view, int offset)
    {
        (TextSpan? name, string? whyNot) = view.File.RenameableAt(offset);
        if (name is not { } span) return null;
        if (whyNot is not null) throw new RpcException(RpcError.RequestFailed, whyNot);
        return new PrepareRenameResult(view.Range(span), view.File.Text.Substring(span.Start, span.Length));
    }

    public static WorkspaceEdit Rename(DocumentView view, int offset, string name) => view.File.RenameAt(offset, name) switch
    {
        SchemaRename.Done done => new WorkspaceEdit(done.Places.Select(view.Place).GroupBy(place => place.Uri)
            .ToDictionary(file => file.Key, file => file.Select(place => new TextEdit(place.Range, name)).ToArray())),
        SchemaRename.Refused refused => throw new RpcException(RpcError.RequestFailed, refused.Why),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The lines that change, as one edit; none, when none do; null, when the text cannot be read.</summary>
    public static TextEdit[]? Formatted(DocumentView view)
    {
        string text = view.File.Text;
        if (SchemaFormatter.Format(text).Text is not { } formatted) return null;
        if (formatted == text) return [];
        int same = StartOfLine(text, text.AsSpan().CommonPrefixLength(formatted));
        int tail = 0;
        while (tail < Math.Min(text.Length, formatted.Length) - same && text[^(tail + 1)] == formatted[^(tail + 1)]) tail++;
        while (tail > 0 && tail < text.Length && text[^(tail + 1)] != '\n') tail--;
        TextSpan changed = new(same, text.Length - tail - same);
        return [new TextEdit(view.Range(changed), formatted[same..^tail])];
    }

    private static int StartOfLine(string text, int offset) => offset == 0 ? 0 : text.LastIndexOf('\n', offset - 1) + 1;

    private static int CompletionKind(NameKind kind) => kind switch
    {
        NameKind.Definition => 7,       // Class
        NameKind.Partial => 9,          // Module
        NameKind.Caveat => 3,           // Function
        NameKind.Parameter => 6,        // Variable
        NameKind.Relation => 5,         // Field
        NameKind.Permission => 2,       // Method
        _ => 14,                        // Keyword
    };

    private static int SymbolKind(NameKind kind) => kind switch
    {
        NameKind.Definition => 5,       // Class
        NameKind.Partial => 2,          // Module
        NameKind.Caveat => 12,          // Function
        NameKind.Relation => 8,         // Field
        NameKind.Permission => 6,       // Method
        _ => 13,                        // Variable
    };
}
