using System.Text.Json;

namespace AuthzGraph.Cli.LanguageServer;

// What the Language Server Protocol 3.17 calls things, as far as we need them: names and shapes are the protocol's.

/// <summary>Both from 0; the character in the units that were agreed on, UTF-16 by default.</summary>
internal sealed record Position(int Line, int Character);

internal sealed record LspRange(Position Start, Position End);

internal sealed record Location(string Uri, LspRange Range);

internal sealed record TextEdit(LspRange Range, string NewText);

internal sealed record WorkspaceEdit(Dictionary<string, TextEdit[]> Changes);

internal sealed record MarkupContent(string Kind, string Value)
{
    public static MarkupContent Markdown(string text) => new("markdown", text);
}

internal sealed record HoverResult(MarkupContent Contents, LspRange Range);

internal sealed record CompletionItem(
    string Label, int Kind, string? Detail, MarkupContent? Documentation, string SortText, TextEdit TextEdit);

internal sealed record DocumentSymbol(
    string Name, string? Detail, int Kind, LspRange Range, LspRange SelectionRange, DocumentSymbol[] Children);

internal sealed record PrepareRenameResult(LspRange Range, string Placeholder);

internal sealed record LspDiagnostic(LspRange Range, int Severity, string Code, string Source, string Message, int[]? Tags);

internal sealed record PublishDiagnosticsParams(string Uri, int? Version, LspDiagnostic[] Diagnostics);

internal sealed record TextDocument(string Uri);

internal sealed record OpenedTextDocument(string Uri, int Version, string Text);

internal sealed record VersionedTextDocument(string Uri, int? Version = null);

internal sealed record TextChange(string Text, JsonElement? Range = null);

internal sealed record DidOpenParams(OpenedTextDocument TextDocument);

internal sealed record DidChangeParams(VersionedTextDocument TextDocument, TextChange[] ContentChanges);

internal sealed record DocumentParams(TextDocument TextDocument);

internal sealed record PlaceParams(TextDocument TextDocument, Position Position);

internal sealed record ReferenceParams(TextDocument TextDocument, Position Position, ReferenceContext Context);

internal sealed record ReferenceContext(bool IncludeDeclaration);

internal sealed record RenameParams(TextDocument TextDocument, Position Position, string NewName);

internal sealed record CancelParams(JsonElement Id);

internal sealed record InitializeParams(ClientCapabilities? Capabilities = null);

internal sealed record ClientCapabilities(GeneralCapabilities? General = null);

internal sealed record GeneralCapabilities(string[]? PositionEncodings = null);
