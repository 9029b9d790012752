using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;

namespace AuthzGraph.Cli.LanguageServer;

/// <summary>
/// Reads ahead while the server answers, so that a request can be cancelled before its turn comes, and so that it is known whether
/// anything waits.
/// </summary>
internal sealed class MessageLoop
{
    private const int MaxWaiting = 1_024;

    private readonly Channel<Incoming> _waiting = Channel.CreateBounded<Incoming>(MaxWaiting);
    private readonly ConcurrentDictionary<string, bool> _isCancelled = new(StringComparer.Ordinal);     // by id, of requests that wait
    private readonly MessageReader _reader;
    private readonly MessageWriter _writer;
    private readonly Server _server;

    private MessageLoop(Stream input, Stream output)
    {
        _reader = new MessageReader(input);
        _writer = new MessageWriter(output);
        _server = new Server(_writer);
    }

    /// <summary>Serves one editor until it says <c>exit</c> or goes away. The result is the process's exit code.</summary>
    public static async Task<int> RunAsync(Stream input, Stream output, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        MessageLoop loop = new(input, output);
        _ = Task.Run(() => loop.ReadAsync(stop.Token), CancellationToken.None);
        int exit = await loop.AnswerAsync(cancellation);
        await stop.CancelAsync();
        return exit;
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        try
        {
            while (await _reader.ReadAsync(cancellation) is { } message)
            {
                if (message is Incoming.Notification { Method: "$/cancelRequest" } cancel) Cancel(cancel.Params);
                if (message is Incoming.Request request) _isCancelled[request.Id.GetRawText()] = false;
                await _waiting.Writer.WriteAsync(message, cancellation);
            }
        }
        finally
        {
            _waiting.Writer.Complete();
        }
    }

    /// <summary>Of what does not wait any more, or was never asked, nothing is to be stopped.</summary>
    private void Cancel(JsonElement parameters)
    {
        if (parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty("id", out JsonElement id))
            _isCancelled.TryUpdate(id.GetRawText(), true, false);
    }

    private async Task<int> AnswerAsync(CancellationToken cancellation)
    {
        while (_server.ExitCode is null)
        {
            if (_waiting.Reader.TryRead(out Incoming? message)) Answer(message);
            else if (_server.HasUnchecked) _server.CheckOne();
            else if (!await _waiting.Reader.WaitToReadAsync(cancellation)) return _server.ExitCodeSoFar;
        }
        return _server.ExitCode ?? _server.ExitCodeSoFar;
    }

    private void Answer(Incoming message)
    {
        if (message is Incoming.Malformed malformed) _writer.Refuse(default, malformed.Code, malformed.Why);
        if (message is Incoming.Notification notification) _server.Take(notification);
        if (message is not Incoming.Request request) return;
        bool isCancelled = _isCancelled.TryRemove(request.Id.GetRawText(), out bool cancelled) && cancelled;
        if (isCancelled) _writer.Refuse(request.Id, RpcError.RequestCancelled, "cancelled");
        else _server.Answer(request);
    }
}
