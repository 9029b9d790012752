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

    public static PublishDiagnosticsParams Diagnostics(OpenDocument document) => new(document.Uri, document.Version,
    [
        .. document.Schema.Diagnostics.Select(d => new LspDiagnostic(
            document.Range(d.Span), d.Severity == Severity.Error ? Error : Warning, d.Code, Source,
            d.Help is { } help ? $"{d.Message}\nhelp: {help}" : d.Message, Unused.Contains(d.Code) ? [Unnecessary] : null)),
    ]);

    /// <summary>What the name or word is, and what is wrong there.</summary>
    public static HoverResult? Hover(OpenDocument document, int offset)
    {
        Hover? hover = document.Schema.HoverAt(offset);
        List<Diagnostic> wrong = [.. document.Schema.Diagnostics.Where(d => d.Span.Start <= offset && offset <= d.Span.End)];
        IEnumerable<string> codes = wrong.Select(d => d.Code);
        TextSpan? code = DiagnosticCode.At(document.Schema.Text, offset);
        if (code is { } named) codes = codes.Append(document.Schema.Text.Substring(named.Start, named.Length));
        List<string> parts = [.. codes.Distinct().Select(Printing.LanguagePage.Section).OfType<string>()];
        if (hover is not null) parts.Insert(0, hover.Markdown);
        TextSpan span = hover?.Span ?? code ?? (wrong.Count > 0 ? wrong[0].Span : default);
        return parts.Count == 0 ? null : new HoverResult(MarkupContent.Markdown(string.Join("\n\n---\n\n", parts)), document.Range(span));
    }

    public static Location[] Declarations(OpenDocument document, int offset) =>
        [.. document.Schema.DeclarationsAt(offset).Select(span => new Location(document.Uri, document.Range(span)))];

    public static Location[] References(OpenDocument document, int offset, ReferenceContext context)
    {
        IEnumerable<TextSpan> left = context.IncludeDeclaration ? [] : document.Schema.DeclarationsAt(offset);
        return [.. document.Schema.ReferencesAt(offset).Except(left).Select(span => new Location(document.Uri, document.Range(span)))];
    }

    public static CompletionItem[] Completions(OpenDocument document, int offset) =>
    [
        .. document.Schema.CompletionsAt(offset).Select((completion, i) => new CompletionItem(
            completion.Text, CompletionKind(completion.Kind), completion.Detail,
            completion.Help is { } help ? MarkupContent.Markdown(help) : null,
            i.ToString("D5", CultureInfo.InvariantCulture), new TextEdit(document.Range(completion.Replaces), completion.Text))),
    ];

    public static DocumentSymbol[] Symbols(OpenDocument document, IEnumerable<OutlineItem> items) =>
    [
        .. items.Select(item => new DocumentSymbol(
            item.Name, item.Detail, SymbolKind(item.Kind), document.Range(item.Span), document.Range(item.NameSpan),
            Symbols(document, item.Children))),
    ];

    /// <summary>Null where there is no name.</summary>
    public static PrepareRenameResult? Renameable(OpenDocument document, int offset)
    {
        (TextSpan? name, string? whyNot) = document.Schema.RenameableAt(offset);
        if (name is not { } span) return null;
        if (whyNot is not null) throw new RpcException(RpcError.RequestFailed, whyNot);
        return new PrepareRenameResult(document.Range(span), document.Schema.Text.Substring(span.Start, span.Length));
    }

    public static WorkspaceEdit Rename(OpenDocument document, int offset, string name) => document.Schema.RenameAt(offset, name) switch
    {
        SchemaRename.Done done => new WorkspaceEdit(new() { [document.Uri] = [.. done.Places.Select(span => new TextEdit(document.Range(span), name))] }),
        SchemaRename.Refused refused => throw new RpcException(RpcError.RequestFailed, refused.Why),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The lines that change, as one edit; none, when none do; null, when the text cannot be read.</summary>
    public static TextEdit[]? Formatted(OpenDocument document)
    {
        string text = document.Schema.Text;
        if (SchemaFormatter.Format(text).Text is not { } formatted) return null;
        if (formatted == text) return [];
        int same = StartOfLine(text, text.AsSpan().CommonPrefixLength(formatted));
        int tail = 0;
        while (tail < Math.Min(text.Length, formatted.Length) - same && text[^(tail + 1)] == formatted[^(tail + 1)]) tail++;
        while (tail > 0 && tail < text.Length && text[^(tail + 1)] != '\n') tail--;
        TextSpan changed = new(same, text.Length - tail - same);
        return [new TextEdit(document.Range(changed), formatted[same..^tail])];
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
