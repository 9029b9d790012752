using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AuthzGraph.Cli.Tests.LanguageServer;

/// <summary>An editor that has started the real command and speaks the Language Server Protocol to it.</summary>
internal sealed class Editor : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly BlockingCollection<JsonElement> _received = [];
    private readonly List<JsonElement> _putAside = [];
    private int _id;

    private Editor(Process process)
    {
        _process = process;
        new Thread(Receive) { IsBackground = true }.Start();
    }

    /// <summary>Starts the command and says nothing yet.</summary>
    public static Editor Started()
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "authzgraph"), ["schema", "lsp", "--stdio"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        return new Editor(Process.Start(start) ?? throw new InvalidOperationException("authzgraph did not start"));
    }

    /// <summary>Starts the command and gets over with the greetings.</summary>
    public static Editor Ready(params string[] positionEncodings)
    {
        Editor editor = Started();
        object general = positionEncodings.Length == 0 ? new { } : new { positionEncodings };
        editor.Ask("initialize", new { processId = Environment.ProcessId, rootUri = (string?)null, capabilities = new { general } });
        editor.Tell("initialized", new { });
        return editor;
    }

    /// <summary>The answer to a request, or its error, as <c>{"error": …}</c> or <c>{"result": …}</c>.</summary>
    public JsonElement Answer(string method, object? parameters) => AnswerTo(Send(method, parameters));

    /// <summary>The result of a request, which must not fail.</summary>
    public JsonElement Ask(string method, object? parameters)
    {
        JsonElement answer = Answer(method, parameters);
        Assert.False(answer.TryGetProperty("error", out JsonElement error), $"{method}: {error}");
        return answer.GetProperty("result");
    }

    /// <summary>Sends a request and doesn't wait; its id.</summary>
    public int Send(string method, object? parameters)
    {
        int id = ++_id;
        Write(new { jsonrpc = "2.0", id, method, @params = parameters });
        return id;
    }

    public JsonElement AnswerTo(int? id) =>
        Next(message => message.TryGetProperty("id", out JsonElement found) && (id is { } number ? found.ValueKind == JsonValueKind.Number && found.GetInt32() == number : found.ValueKind == JsonValueKind.Null));

    public void Tell(string method, object? parameters) => Write(new { jsonrpc = "2.0", method, @params = parameters });

    /// <summary>The next diagnostics of a document in the given version.</summary>
    public JsonElement Diagnostics(string uri, int? version) =>
        Next(message => message.TryGetProperty("method", out JsonElement method) && method.GetString() == "textDocument/publishDiagnostics"
            && message.GetProperty("params").GetProperty("uri").GetString() == uri
            && (version is null || (message.GetProperty("params").TryGetProperty("version", out JsonElement found) && found.GetInt32() == version)))
            .GetProperty("params").GetProperty("diagnostics");

    public JsonElement Notification(string name) =>
        Next(message => message.TryGetProperty("method", out JsonElement method) && method.GetString() == name).GetProperty("params");

    /// <summary>Opens a document and returns what is wrong with it.</summary>
    public JsonElement Open(string uri, string text)
    {
        Tell("textDocument/didOpen", new { textDocument = new { uri, languageId = "authzgraph", version = 1, text } });
        return Diagnostics(uri, 1);
    }

    public void Change(string uri, int version, string text) =>
        Tell("textDocument/didChange", new { textDocument = new { uri, version }, contentChanges = new[] { new { text } } });

    public void WriteRaw(string text)
    {
        _process.StandardInput.BaseStream.Write(Encoding.UTF8.GetBytes(text));
        _process.StandardInput.BaseStream.Flush();
    }

    public void HangUp() => _process.StandardInput.Close();

    public int ExitCode
    {
        get
        {
            Assert.True(_process.WaitForExit(Patience), "the server goes on");
            return _process.ExitCode;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Write(object message)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(message);
        _process.StandardInput.BaseStream.Write(Encoding.ASCII.GetBytes($"Content-Length: {json.Length}\r\n\r\n"));
        _process.StandardInput.BaseStream.Write(json);
        _process.StandardInput.BaseStream.Flush();
    }

    private JsonElement Next(Func<JsonElement, bool> isWanted)
    {
        int kept = _putAside.FindIndex(message => isWanted(message));
        if (kept >= 0)
        {
            JsonElement found = _putAside[kept];
            _putAside.RemoveAt(kept);
            return found;
        }
        while (_received.TryTake(out JsonElement message, Patience))
        {
            if (isWanted(message)) return message;
            _putAside.Add(message);
        }
        throw new TimeoutException("the server said nothing more");
    }

    /// <summary>Nothing but messages may come: anything else ends in an exception that a test waits for in vain.</summary>
    private void Receive()
    {
        Stream stream = _process.StandardOutput.BaseStream;
        while (Line(stream) is { Length: > 0 } header)
        {
            int length = int.Parse(header["Content-Length: ".Length..], CultureInfo.InvariantCulture);
            if (Line(stream) != "") throw new InvalidDataException("no empty line after the headers");
            byte[] body = new byte[length];
            stream.ReadExactly(body);
            _received.Add(JsonDocument.Parse(body).RootElement);
        }
    }

    private static string? Line(Stream stream)
    {
        StringBuilder line = new();
        for (int next = stream.ReadByte(); next >= 0; next = stream.ReadByte())
        {
            if (next == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)next);
        }
        return null;
    }
}
