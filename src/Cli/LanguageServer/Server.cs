using System.Text.Json;

namespace AuthzGraph.Cli.LanguageServer;

/// <summary>
/// Answers an editor's messages one after the other: each takes milliseconds, and so none needs to be stopped once it has begun.
/// Diagnostics are sent when nothing else waits, so that of fast typing only the last state is looked at.
/// </summary>
internal sealed class Server(MessageWriter writer)
{
    private readonly DiagnosticFeed _diagnostics = new(writer);
    private Workspace? _workspace;
    private bool _isShutDown;

    /// <summary>Set by <c>exit</c>, and then the process's exit code.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>The exit code where the editor goes away without a word.</summary>
    public int ExitCodeSoFar => _isShutDown ? Cli.ExitCode.Yes : Cli.ExitCode.No;

    /// <summary>Whether diagnostics wait to be sent.</summary>
    public bool HasUnchecked => _diagnostics.Waits;

    /// <summary>Sends the diagnostics of one document that has changed, or whose schema has.</summary>
    public void CheckOne() => Try("diagnostics", () => _diagnostics.SendOne(uri => _workspace?.View(uri)));

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

    public void Take(Incoming.Notification notification) => Try(notification.Method, () => Do(notification));

    /// <summary>Does what nobody waits for: what goes wrong is logged to the editor.</summary>
    private void Try(string what, Action action)
    {
        try
        {
            action();
        }
        catch (Exception problem) when (problem is not IOException)
        {
            writer.Notify("window/logMessage", new { Type = 1, Message = $"{what}: {problem.Message}" });
        }
    }

    private object? Result(Incoming.Request request)
    {
        if (_isShutDown) throw new RpcException(RpcError.InvalidRequest, "the server is shut down");
        if (request.Method == "initialize") return Initialize(Read<InitializeParams>(request.Params));
        if (_workspace is null) throw new RpcException(RpcError.ServerNotInitialized, "`initialize` comes first");
        return request.Method switch
        {
            "shutdown" => ShutDown(),
            "textDocument/hover" => At(request, Answers.Hover),
            "textDocument/definition" => At(request, Answers.Declarations),
            "textDocument/references" => References(Read<ReferenceParams>(request.Params)),
            "textDocument/completion" => At(request, Answers.Completions),
            "textDocument/documentSymbol" => Of(request, view => Answers.Symbols(view, view.File.Outline)),
            "textDocument/prepareRename" => At(request, Answers.Renameable),
            "textDocument/rename" => Rename(Read<RenameParams>(request.Params)),
            "textDocument/formatting" => Of(request, Answers.Formatted),
            _ => throw new RpcException(RpcError.MethodNotFound, $"there is no method `{request.Method}`"),
        };
    }

    private void Do(Incoming.Notification notification)
    {
        if (notification.Method == "exit") ExitCode = ExitCodeSoFar;
        if (_workspace is not { } workspace || _isShutDown) return;
        if (notification.Method == "textDocument/didOpen") Open(workspace, Read<DidOpenParams>(notification.Params).TextDocument);
        if (notification.Method == "textDocument/didChange") Change(workspace, Read<DidChangeParams>(notification.Params));
        if (notification.Method == "textDocument/didSave") Look(workspace);
        if (notification.Method == "textDocument/didClose") Close(workspace, Read<DocumentParams>(notification.Params).TextDocument.Uri);
    }

    private object Initialize(InitializeParams parameters)
    {
        if (_workspace is not null) throw new RpcException(RpcError.InvalidRequest, "`initialize` comes once");
        string[] units = parameters.Capabilities?.General?.PositionEncodings ?? [];
        bool isUtf8 = units.FirstOrDefault(unit => unit is "utf-8" or "utf-16") == "utf-8";
        string? root = parameters.WorkspaceFolders?.FirstOrDefault()?.Uri ?? parameters.RootUri;
        _workspace = new Workspace(isUtf8 ? PositionUnit.Utf8 : PositionUnit.Utf16, FilePath.Of(root));
        return Capabilities.Of(_workspace.Unit);
    }

    private object? ShutDown()
    {
        _isShutDown = true;
        _diagnostics.Stop();
        return null;
    }

    private void Open(Workspace workspace, OpenedTextDocument opened)
    {
        _diagnostics.Forget(opened.Uri);
        workspace.Open(OpenDocument.Of(opened.Uri, opened.Version, opened.Text));
        _diagnostics.Await([opened.Uri, .. workspace.Uris.Where(uri => uri != opened.Uri)]);
    }

    private void Change(Workspace workspace, DidChangeParams change)
    {
        if (change.ContentChanges.Length == 0) return;
        TextChange last = change.ContentChanges[^1];
        if (last.Range is not null) throw new RpcException(RpcError.InvalidParams, "changes are sent as whole texts");
        if (!workspace.IsOpen(change.TextDocument.Uri)) throw NotOpen(change.TextDocument.Uri);
        _diagnostics.Await([.. workspace.Change(OpenDocument.Of(change.TextDocument.Uri, change.TextDocument.Version, last.Text))]);
    }

    /// <summary>Looks at the disk again.</summary>
    private void Look(Workspace workspace)
    {
        workspace.Forget();
        _diagnostics.Await([.. workspace.Uris]);
    }

    private void Close(Workspace workspace, string uri)
    {
        if (!workspace.Close(uri)) return;
        _diagnostics.SendNone(uri);
        _diagnostics.Await([.. workspace.Uris]);
    }

    private Location[] References(ReferenceParams parameters)
    {
        DocumentView view = View(parameters.TextDocument.Uri);
        return Answers.References(view, view.Offset(parameters.Position), parameters.Context);
    }

    private WorkspaceEdit Rename(RenameParams parameters)
    {
        DocumentView view = View(parameters.TextDocument.Uri);
        return Answers.Rename(view, view.Offset(parameters.Position), parameters.NewName);
    }

    private object? At(Incoming.Request request, Func<DocumentView, int, object?> answer)
    {
        PlaceParams place = Read<PlaceParams>(request.Params);
        DocumentView view = View(place.TextDocument.Uri);
        return answer(view, view.Offset(place.Position));
    }

    private object? Of(Incoming.Request request, Func<DocumentView, object?> answer) =>
        answer(View(Read<DocumentParams>(request.Params).TextDocument.Uri));

    private DocumentView View(string uri) => _workspace?.View(uri) ?? throw NotOpen(uri);

    private static RpcException NotOpen(string uri) => new(RpcError.InvalidParams, $"{uri} is not open");

    private static T Read<T>(JsonElement parameters) where T : class =>
        (parameters.ValueKind == JsonValueKind.Undefined ? null : parameters.Deserialize<T>(MessageWriter.Json))
        ?? throw new RpcException(RpcError.InvalidParams, "`params` are missing");
}
