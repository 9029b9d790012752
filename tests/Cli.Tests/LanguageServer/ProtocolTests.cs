using System.Text.Json;

namespace AuthzGraph.Cli.Tests.LanguageServer;

/// <summary>The conversation itself: greetings, errors, cancelling, the end. Each test starts the real command.</summary>
public sealed class ProtocolTests
{
    private const string Uri = "file:///a.authz";

    [Fact]
    public async Task It_says_what_it_can_do()
    {
        await using Editor editor = Editor.Started();
        JsonElement greeting = editor.Ask("initialize", new { capabilities = new { } });
        JsonElement can = greeting.GetProperty("capabilities");
        Assert.Equal("authzgraph", greeting.GetProperty("serverInfo").GetProperty("name").GetString());
        Assert.Equal("utf-16", can.GetProperty("positionEncoding").GetString());
        Assert.Equal("""{"openClose":true,"change":1}""", can.GetProperty("textDocumentSync").GetRawText());
        Assert.Equal("""{"prepareProvider":true}""", can.GetProperty("renameProvider").GetRawText());
        foreach (string feature in new[] { "hover", "definition", "references", "documentSymbol", "documentFormatting" })
            Assert.True(can.GetProperty($"{feature}Provider").GetBoolean());
    }

    [Theory]
    [InlineData("utf-8", "utf-8", "utf-16")]
    [InlineData("utf-16", "utf-16", "utf-8")]
    [InlineData("utf-8", "utf-32", "utf-8")]
    [InlineData("utf-16", "utf-32")]
    public async Task It_counts_characters_as_the_editor_likes_best(string chosen, params string[] liked)
    {
        await using Editor editor = Editor.Started();
        JsonElement greeting = editor.Ask("initialize", new { capabilities = new { general = new { positionEncodings = liked } } });
        Assert.Equal(chosen, greeting.GetProperty("capabilities").GetProperty("positionEncoding").GetString());
    }

    [Fact]
    public async Task Shutdown_and_exit_end_it_with_0()
    {
        await using Editor editor = Editor.Ready();
        Assert.Equal(JsonValueKind.Null, editor.Ask("shutdown", null).ValueKind);
        Assert.Equal(-32600, Code(editor.Answer("textDocument/hover", new { })));
        editor.Tell("exit", null);
        Assert.Equal(0, editor.ExitCode);
    }

    [Fact]
    public async Task Exit_without_shutdown_ends_it_with_1()
    {
        await using Editor editor = Editor.Ready();
        editor.Tell("exit", null);
        Assert.Equal(1, editor.ExitCode);
    }

    [Fact]
    public async Task An_editor_that_goes_away_ends_it()
    {
        await using Editor editor = Editor.Ready();
        editor.HangUp();
        Assert.Equal(1, editor.ExitCode);
    }

    [Fact]
    public async Task Nothing_is_answered_before_the_greeting()
    {
        await using Editor editor = Editor.Started();
        editor.Tell("textDocument/didOpen", new { textDocument = new { uri = Uri, languageId = "authzgraph", version = 1, text = "" } });
        Assert.Equal(-32002, Code(editor.Answer("textDocument/hover", new { })));
        editor.Ask("initialize", new { capabilities = new { } });
        Assert.Equal(-32600, Code(editor.Answer("initialize", new { capabilities = new { } })));
    }

    [Fact]
    public async Task Unknown_methods_and_wrong_parameters_get_their_errors()
    {
        await using Editor editor = Editor.Ready();
        editor.Tell("$/setTrace", new { value = "off" });
        editor.Tell("workspace/didChangeWatchedFiles", null);
        Assert.Equal(-32601, Code(editor.Answer("textDocument/codeLens", new { })));
        Assert.Equal(-32602, Code(editor.Answer("textDocument/hover", null)));
        Assert.Equal(-32602, Code(editor.Answer("textDocument/hover", new { textDocument = new { uri = Uri } })));
        Assert.Equal(-32602, Code(editor.Answer("textDocument/hover", "nothing")));
        JsonElement notOpen = editor.Answer("textDocument/hover", new { textDocument = new { uri = Uri }, position = new { line = 0, character = 0 } });
        Assert.Equal((-32602, "file:///a.authz is not open"), (Code(notOpen), notOpen.GetProperty("error").GetProperty("message").GetString()));
    }

    [Theory]
    [InlineData("Content-Length: 5\r\n\r\n{\"a\":", -32700)]
    [InlineData("Content-Length: 2\r\n\r\n[]", -32600)]
    [InlineData("Content-Length: 2\r\n\r\n{}", -32600)]
    [InlineData("Content-Length: 12\r\n\r\n{\"method\":1}", -32600)]
    [InlineData("Content-Length: 26\r\n\r\n{\"method\":\"exit\",\"id\":[1]}", -32600)]
    [InlineData("Content-Length: many\r\n\r\n", -32700)]
    [InlineData("Content-Type: text\r\n\r\n", -32700)]
    public async Task What_cannot_be_understood_gets_an_error_and_the_next_message_is_answered(string message, int code)
    {
        await using Editor editor = Editor.Ready();
        editor.WriteRaw(message);
        Assert.Equal(code, Code(editor.AnswerTo(null)));
        Assert.Equal(JsonValueKind.Null, editor.Ask("shutdown", null).ValueKind);
    }

    [Fact]
    public async Task A_notification_with_wrong_parameters_is_logged_to_the_editor()
    {
        await using Editor editor = Editor.Ready();
        editor.Tell("textDocument/didOpen", new { textDocument = new { uri = Uri } });
        Assert.StartsWith("textDocument/didOpen: ", editor.Notification("window/logMessage").GetProperty("message").GetString());
        Assert.Empty(editor.Open(Uri, "definition user {}").EnumerateArray());
    }

    [Fact]
    public async Task Ids_may_be_texts_and_headers_may_come_in_any_case()
    {
        await using Editor editor = Editor.Ready();
        const string Json = """{"jsonrpc":"2.0","id":"é","method":"shutdown"}""";
        editor.WriteRaw($"content-type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length: {System.Text.Encoding.UTF8.GetByteCount(Json)}\r\n\r\n{Json}");
        editor.Tell("exit", null);
        Assert.Equal(0, editor.ExitCode);
    }

    [Fact]
    public async Task A_request_that_waits_can_be_cancelled_and_one_that_is_answered_need_not()
    {
        await using Editor editor = Editor.Ready();
        editor.Open(Uri, "definition user {}");
        object place = new { textDocument = new { uri = Uri }, position = new { line = 0, character = 12 } };
        int answered = editor.Send("textDocument/hover", place);
        Assert.Contains("definition user", editor.AnswerTo(answered).GetRawText());
        editor.Tell("$/cancelRequest", new { id = answered });
        editor.Tell("$/cancelRequest", new { });
        editor.Change(Uri, 2, string.Concat(Enumerable.Range(0, 20_000).Select(i => $"definition type_{i} {{ relation owner: type_{i} }}\n")));
        int slow = editor.Send("textDocument/documentSymbol", new { textDocument = new { uri = Uri } });
        int cancelled = editor.Send("textDocument/hover", place);
        editor.Tell("$/cancelRequest", new { id = cancelled });
        Assert.Equal(20_000, editor.AnswerTo(slow).GetProperty("result").GetArrayLength());
        Assert.Equal(-32800, Code(editor.AnswerTo(cancelled)));
    }

    private static int Code(JsonElement answer) => answer.GetProperty("error").GetProperty("code").GetInt32();
}
