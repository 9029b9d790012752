using System.Text.Json;

namespace AuthzGraph.Cli.LanguageServer;

/// <summary>Which documents' diagnostics wait to be sent, what changed last first, and which were: none is sent twice.</summary>
internal sealed class DiagnosticFeed(MessageWriter writer)
{
    private readonly List<string> _waiting = [];
    private readonly Dictionary<string, string> _sent = new(StringComparer.Ordinal);

    public bool Waits => _waiting.Count > 0;

    public void Await(IReadOnlyList<string> uris)
    {
        _waiting.RemoveAll(uris.Contains);
        _waiting.InsertRange(0, uris);
    }

    /// <param name="viewOf">Null for what is not open any more.</param>
    public void SendOne(Func<string, DocumentView?> viewOf)
    {
        string uri = _waiting[0];
        _waiting.RemoveAt(0);
        if (viewOf(uri) is not { } view) return;
        PublishDiagnosticsParams diagnostics = Answers.Diagnostics(view);
        string json = JsonSerializer.Serialize(diagnostics, MessageWriter.Json);
        if (_sent.GetValueOrDefault(uri) == json) return;
        _sent[uri] = json;
        Send(diagnostics);
    }

    /// <summary>Nothing is wrong with what is closed.</summary>
    public void SendNone(string uri)
    {
        _waiting.Remove(uri);
        Forget(uri);
        Send(new PublishDiagnosticsParams(uri, null, []));
    }

    /// <summary>The next ones are sent whatever was.</summary>
    public void Forget(string uri) => _sent.Remove(uri);

    public void Stop() => _waiting.Clear();

    private void Send(PublishDiagnosticsParams diagnostics) => writer.Notify("textDocument/publishDiagnostics", diagnostics);
}
