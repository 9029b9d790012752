using System.Text.Json;

namespace AuthzGraph.Cli.LanguageServer;

/// <summary>
/// Answers an editor's messages one after the other: each takes milliseconds, and so none needs to be stopped once it has begun.
/// Diagnostics are sent when nothing else waits, so that of fast typing only the last state is looked at.
/// </summary>
internal sealed class Server(MessageWriter writer)
{
    private readonly Dictionary<string, OpenDocument> _documents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unchecked = new(StringComparer.Ordinal);
    private PositionUnit _unit = PositionUnit.Utf16;
    private bool _isInitialized;
    private bool _isShutDown;

    /// <summary>Set by <c>exit</c>, and then the process's exit code.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>The exit code where the editor goes away without a word.</summary>
    public int ExitCodeSoFar => _isShutDown ? Cli.ExitCode.Yes : Cli.ExitCode.No;

    /// <summary>Whether diagnostics wait to be sent.</summary>
    public bool HasUnchecked => _unchecked.Count > 0;

    /// <summary>Sends the diagnostics of one document that has changed.</summary>
    public void CheckOne()
    {
        string uri = _unchecked.First();
        _unchecked.Remove(uri);
        if (_documents.TryGetValue(uri, out OpenDocument? document)) Publish(Answers.Diagnostics(document));
    }

    public void Answer(Incoming.Request request)
    {
        try
        {
            writer.Answer(request.Id, Result(request));
        }
        catch (RpcException refused)
        {
            writer.Refuse(request.Id, refused.Code, refused.Message);
        }
        catch (JsonException problem)
        {
            writer.Refuse(request.Id, RpcError.InvalidParams, problem.Message);
        }
        catch (Exception problem) when (problem is not IOException)
        {
            writer.Refuse(request.Id, RpcError.InternalError, $"{problem.GetType().Name}: {problem.Message}");
        }
    }

    public void Take(Incoming.Notification notification)
    {
        try
        {
            Do(notification);
        }
        catch (Exception problem) when (problem is JsonException or RpcException)
        {
            writer.Notify("window/logMessage", new { Type = 1, Message = $"{notification.Method}: {problem.Message}" });
        }
    }

    private object? Result(Incoming.Request request)
    {
        if (_isShutDown) throw new RpcException(RpcError.InvalidRequest, "the server is shut down");
        if (request.Method == "initialize") return Initialize(Read<InitializeParams>(request.Params));
        if (!_isInitialized) throw new RpcException(RpcError.ServerNotInitialized, "`initialize` comes first");
        return request.Method switch
        {
            "shutdown" => ShutDown(),
            "textDocument/hover" => At(request, Answers.Hover),
            "textDocument/definition" => At(request, Answers.Declarations),
            "textDocument/references" => References(Read<ReferenceParams>(request.Params)),
            "textDocument/completion" => At(request, Answers.Completions),
            "textDocument/documentSymbol" => Of(request, document => Answers.Symbols(document, document.Schema.Outline)),
            "textDocument/prepareRename" => At(request, Answers.Renameable),
            "textDocument/rename" => Rename(Read<RenameParams>(request.Params)),
            "textDocument/formatting" => Of(request, Answers.Formatted),
            _ => throw new RpcException(RpcError.MethodNotFound, $"there is no method `{request.Method}`"),
        };
    }

    private void Do(Incoming.Notification notification)
    {
        if (notification.Method == "exit") ExitCode = ExitCodeSoFar;
        if (!_isInitialized || _isShutDown) return;
        if (notification.Method == "textDocument/didOpen") Open(Read<DidOpenParams>(notification.Params).TextDocument);
        if (notification.Method == "textDocument/didChange") Change(Read<DidChangeParams>(notification.Params));
        if (notification.Method == "textDocument/didClose") Close(Read<DocumentParams>(notification.Params).TextDocument.Uri);
    }

    private object Initialize(InitializeParams parameters)
    {
        if (_isInitialized) throw new RpcException(RpcError.InvalidRequest, "`initialize` comes once");
        string[] units = parameters.Capabilities?.General?.PositionEncodings ?? [];
        _unit = units.FirstOrDefault(unit => unit is "utf-8" or "utf-16") == "utf-8" ? PositionUnit.Utf8 : PositionUnit.Utf16;
        _isInitialized = true;
        return Capabilities.Of(_unit);
    }

    private object? ShutDown()
    {
        _isShutDown = true;
        _unchecked.Clear();
        return null;
    }

    private void Open(OpenedTextDocument opened) => Replace(OpenDocument.Of(opened.Uri, opened.Version, opened.Text, _unit));

    private void Change(DidChangeParams change)
    {
        if (change.ContentChanges.Length == 0) return;
        TextChange last = change.ContentChanges[^1];
        if (last.Range is not null) throw new RpcException(RpcError.InvalidParams, "changes are sent as whole texts");
        Document(change.TextDocument.Uri);
        Replace(OpenDocument.Of(change.TextDocument.Uri, change.TextDocument.Version, last.Text, _unit));
    }

    private void Replace(OpenDocument document)
    {
        _documents[document.Uri] = document;
        _unchecked.Add(document.Uri);
    }

    /// <summary>Nothing is wrong with what is closed.</summary>
    private void Close(string uri)
    {
        _unchecked.Remove(uri);
        if (_documents.Remove(uri)) Publish(new PublishDiagnosticsParams(uri, null, []));
    }

    private void Publish(PublishDiagnosticsParams diagnostics) => writer.Notify("textDocument/publishDiagnostics", diagnostics);

    private Location[] References(ReferenceParams parameters)
    {
        OpenDocument document = Document(parameters.TextDocument.Uri);
        return Answers.References(document, document.Offset(parameters.Position), parameters.Context);
    }

    private WorkspaceEdit Rename(RenameParams parameters)
    {
        OpenDocument document = Document(parameters.TextDocument.Uri);
        return Answers.Rename(document, document.Offset(parameters.Position), parameters.NewName);
    }

    private object? At(Incoming.Request request, Func<OpenDocument, int, object?> answer)
    {
        PlaceParams place = Read<PlaceParams>(request.Params);
        OpenDocument document = Document(place.TextDocument.Uri);
        return answer(document, document.Offset(place.Position));
    }

    private object? Of(Incoming.Request request, Func<OpenDocument, object?> answer) =>
        answer(Document(Read<DocumentParams>(request.Params).TextDocument.Uri));

    private OpenDocument Document(string uri) => _documents.TryGetValue(uri, out OpenDocument? document)
        ? document
        : throw new RpcException(RpcError.InvalidParams, $"{uri} is not open");

    private static T Read<T>(JsonElement parameters) where T : class =>
        (parameters.ValueKind == JsonValueKind.Undefined ? null : parameters.Deserialize<T>(MessageWriter.Json))
        ?? throw new RpcException(RpcError.InvalidParams, "`params` are missing");
}
