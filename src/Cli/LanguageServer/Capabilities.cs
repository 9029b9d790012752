namespace AuthzGraph.Cli.LanguageServer;

/// <summary>What the server says it can do.</summary>
internal static class Capabilities
{
    private const int WholeTexts = 1;

    /// <summary>What a word may follow directly, besides white space.</summary>
    private static readonly string[] Triggers = ["#", ">", "|", ":", "/", "(", "."];

    public static object Of(PositionUnit unit) => new
    {
        Capabilities = new
        {
            PositionEncoding = unit == PositionUnit.Utf8 ? "utf-8" : "utf-16",
            TextDocumentSync = new { OpenClose = true, Change = WholeTexts },
            HoverProvider = true,
            DefinitionProvider = true,
            ReferencesProvider = true,
            DocumentSymbolProvider = true,
            CompletionProvider = new { TriggerCharacters = Triggers },
            RenameProvider = new { PrepareProvider = true },
            DocumentFormattingProvider = true,
        },
        ServerInfo = new { Name = "authzgraph", Version = typeof(Capabilities).Assembly.GetName().Version?.ToString(3) },
    };
}
