using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AuthzGraph.Model;
using AuthzGraph.Protocol.GoogleRpc;
using AuthzGraph.Protocol.V1;
using Google.Protobuf;
using Xunit.Abstractions;
using Outcome = AuthzGraph.Protocol.V1.Outcome;

namespace AuthzGraph.Server.Tests;

public sealed class JsonTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string CheckPath = "/authzgraph.v1.Permissions/Check";

    private const string Question =
        """{"resource":{"type":"document","id":"readme"},"permission":"view","subject":{"object":{"type":"user","id":"ann"}}}""";

    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartFilledAsync(Limits.Default with { MessageBytes = 64 * 1024 });

    /// <summary>Whatever a test sent, the server still answers.</summary>
    public async Task DisposeAsync()
    {
        Assert.Equal(200, (await _server.PostAsync(CheckPath, Question)).Status);
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_check_is_asked_and_answered_in_json()
    {
        (int status, string body) = await _server.PostAsync(CheckPath, Question);
        Assert.Equal(200, status);
        CheckResponse response = CheckResponse.Parser.ParseJson(body);
        Assert.Equal((Outcome.Permitted, 2ul), (response.Decision.Outcome, response.Snapshot.Revision));
        Assert.Contains("\"outcome\": \"OUTCOME_PERMITTED\"", body);
    }

    [Fact]
    public async Task The_same_paths_take_protobuf_bodies_as_connect_clients_send_them()
    {
        using var content = new ByteArrayContent(Words.Check("document:readme#view@user:ann").ToByteArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/proto");
        using HttpResponseMessage response = await _server.Http.PostAsync(CheckPath, content);
        Assert.Equal("application/proto", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Outcome.Permitted, CheckResponse.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync()).Decision.Outcome);

        using var broken = new ByteArrayContent([0xFF, 0xFF]);
        broken.Headers.ContentType = new MediaTypeHeaderValue("application/proto");
        using HttpResponseMessage refusal = await _server.Http.PostAsync(CheckPath, broken);
        Assert.Equal((HttpStatusCode.BadRequest, "application/json"), (refusal.StatusCode, refusal.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Every_service_answers_in_json()
    {
        Assert.Contains("definition document", (await _server.PostAsync("/authzgraph.v1.Schema/Read", "{}")).Body);
        (int status, string body) = await _server.PostAsync("/authzgraph.v1.Relationships/Write",
            """
            {"updates": [{"operation": "OPERATION_TOUCH", "relationship": {
              "resource": {"type": "document", "id": "plan"}, "relation": "viewer",
              "subject": {"object": {"type": "user", "id": "eve"}}, "expiresAt": "2999-01-01T00:00:00Z"}}]}
            """);
        Assert.Equal(200, status);
        Assert.Contains("\"revision\": \"3\"", body);
        Assert.Contains("\"results\"", (await _server.PostAsync("/authzgraph.v1.Permissions/CheckBatch", $$"""{"items":[{{Question}}]}""")).Body);
        Assert.Contains("KIND_UNION", (await _server.PostAsync("/authzgraph.v1.Permissions/Expand", """{"resource":{"type":"document","id":"readme"},"permission":"view"}""")).Body);
        Assert.Contains("SERVING", (await _server.PostAsync("/grpc.health.v1.Health/Check", "{}")).Body);
    }

    [Fact]
    public async Task An_error_has_the_status_and_the_form_that_connect_gives_it()
    {
        (int status, string body) = await _server.PostAsync(CheckPath, Question.Replace("view", "fly"));
        Assert.Equal(400, status);
        JsonElement error = JsonDocument.Parse(body).RootElement;
        Assert.Equal("failed_precondition", error.GetProperty("code").GetString());
        Assert.Contains("`fly`", error.GetProperty("message").GetString());
        JsonElement detail = error.GetProperty("details")[0];
        Assert.Equal("google.rpc.ErrorInfo", detail.GetProperty("type").GetString());
        Assert.Equal("UNKNOWN_RELATION", detail.GetProperty("debug").GetProperty("reason").GetString());
        string value = detail.GetProperty("value").GetString() ?? "";
        ErrorInfo info = ErrorInfo.Parser.ParseFrom(Convert.FromBase64String(value.PadRight((value.Length + 3) / 4 * 4, '=')));
        Assert.Equal(("UNKNOWN_RELATION", "authzgraph"), (info.Reason, info.Domain));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("{", "")]
    [InlineData("[]", "")]
    [InlineData("null", "")]
    [InlineData("\"text\"", "")]
    [InlineData("{\"ressource\":{}}", "ressource")]
    [InlineData("{\"resource\":7}", "")]
    [InlineData("{\"explain\":\"maybe\"}", "")]
    [InlineData("{\"resource\":{\"type\":\"document\",\"id\":\"\\ud800\"}}", "")]
    [InlineData("{} {}", "The body is not a CheckRequest: line 1, byte 4: ")]
    [InlineData("{\n  \"resource\": {\"type\": \"document\", \"id\": readme}\n}", "The body is not a CheckRequest: line 2, byte 42: 'r' is an invalid start of a value.")]
    [InlineData("{\"permission\": \"view\"", "The body is not a CheckRequest: line 1, byte 22: ")]
    [InlineData("{\"permision\": \"view\"}", "The body is not a CheckRequest: Unknown field: permision")]
    [InlineData("{\"permission\":\"a\",\"permission\":\"b\"}x", "")]
    public async Task Malformed_json_is_an_invalid_argument(string json, string sentence)
    {
        (int status, string body) = await _server.PostAsync(CheckPath, json);
        Assert.Equal(400, status);
        JsonElement error = JsonDocument.Parse(body).RootElement;
        Assert.Equal("invalid_argument", error.GetProperty("code").GetString());
        Assert.Contains(sentence, error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Bytes_that_are_not_utf_8_are_an_invalid_argument()
    {
        using var content = new ByteArrayContent([(byte)'{', 0xFF, (byte)'}']);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response = await _server.Http.PostAsync(CheckPath, content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("UTF-8", await response.Content.ReadAsStringAsync());
    }

    // Found by Any_text_gets_an_answer: an error thrown while the body was still being looked at cost the connection.
    [Fact]
    public async Task A_connection_goes_on_after_a_malformed_body()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(_server.Host.HttpAddress.Host, _server.Host.HttpAddress.Port);
        using var reader = new StreamReader(socket.GetStream());
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("HTTP/1.1 400 Bad Request", await AskAsync("*{}"));
            Assert.Equal("HTTP/1.1 200 OK", await AskAsync(Question));
        }

        async Task<string?> AskAsync(string json)
        {
            string head = $"POST {CheckPath} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + json));
            string? status = await reader.ReadLineAsync();
            int length = 0;
            while (await reader.ReadLineAsync() is { Length: > 0 } header)
                if (header.StartsWith("Content-Length: ", StringComparison.Ordinal)) length = int.Parse(header["Content-Length: ".Length..]);
            await reader.ReadBlockAsync(new char[length]);
            return status;
        }
    }

    [Fact]
    public async Task Json_nested_without_end_is_an_invalid_argument()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000);
        Assert.Equal(400, (await _server.PostAsync(CheckPath, deep)).Status);
        Assert.Equal(400, (await _server.PostAsync(CheckPath, new string('[', 60_000))).Status);
    }

    [Fact]
    public async Task Any_text_gets_an_answer()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        const string Alphabet = "{}[]\",:\\u0d8 1e9.-+nulltruefalse\0\n*#@é";
        for (int i = 0; i < 400; i++)
        {
            var text = new StringBuilder(Question);
            for (int changes = random.Next(1, 5); changes > 0; changes--) text[random.Next(text.Length)] = Alphabet[random.Next(Alphabet.Length)];
            (int status, string body) = await _server.PostAsync(CheckPath, text.ToString());
            Assert.True(status is 200 or 400, $"seed {seed}: {status} for {text}: {body}");
        }
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        (int status, string body) = await _server.PostAsync(CheckPath, new string(' ', 65 * 1024));
        Assert.Equal(429, status);
        Assert.Contains("resource_exhausted", body);
        Assert.Contains("65536", body);
        Assert.Equal(429, (await _server.PostAsync(CheckPath, new string(' ', 500 * 1024))).Status);
    }

    [Theory]
    [InlineData("/authzgraph.v1.Permissions/Fly", "no method Fly")]
    [InlineData("/authzgraph.v9.Permissions/Check", "no service")]
    [InlineData("/grpc.health.v1.Health/Watch", "call it with gRPC")]
    public async Task What_json_cannot_reach_is_unimplemented(string path, string sentence)
    {
        (int status, string body) = await _server.PostAsync(path, "{}");
        Assert.Equal(501, status);
        Assert.Contains("unimplemented", body);
        Assert.Contains(sentence, body);
    }

    [Fact]
    public async Task Another_content_type_or_encoding_is_refused()
    {
        Assert.Equal(415, (await _server.PostAsync(CheckPath, Question, "text/plain")).Status);
        Assert.Equal(415, (await _server.PostAsync(CheckPath, Question, "application/jsonish")).Status);
        using var packed = new StringContent(Question, Encoding.UTF8, "application/json");
        packed.Headers.ContentEncoding.Add("br");
        Assert.Equal(HttpStatusCode.NotImplemented, (await _server.Http.PostAsync(CheckPath, packed)).StatusCode);
    }

    [Fact]
    public async Task A_deadline_in_connects_header_is_kept()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, CheckPath) { Content = new StringContent(Question, Encoding.UTF8, "application/json") };
        request.Headers.Add("Connect-Timeout-Ms", "0");
        using HttpResponseMessage response = await _server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Contains("deadline_exceeded", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("attacker.example", 403)]
    [InlineData("192.0.2.7:8080", 403)]
    [InlineData("localhost:1234", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:99", 200)]
    public async Task A_web_page_that_names_this_machine_its_own_is_refused(string host, int expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, CheckPath) { Content = new StringContent(Question, Encoding.UTF8, "application/json") };
        request.Headers.Host = host;
        using HttpResponseMessage response = await _server.Http.SendAsync(request);
        Assert.Equal(expected, (int)response.StatusCode);
    }

    [Fact]
    public async Task Health_is_told_over_http()
    {
        Assert.Equal("alive\n", await _server.Http.GetStringAsync("/healthz"));
        Assert.Equal("ready\n", await _server.Http.GetStringAsync("/readyz"));
        Assert.Equal(HttpStatusCode.NotFound, (await _server.Http.GetAsync("/")).StatusCode);
    }
}
