using System.Net;
using System.Text;
using System.Text.Json;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Server.Tests;

/// <summary>AuthZEN 1.0 as an enforcement point speaks it.</summary>
public sealed class AuthZenTests : IAsyncLifetime
{
    private const string Schema =
        """
        caveat office_hours(hour int) { hour >= 8 && hour < 18 }
        caveat owns(ownerID string, subject_email string) { ownerID == subject_email }

        definition user {}
        definition record {
            relation reader: user | user:*
            relation writer: user | user with office_hours | user with owns
            relation banned: user
            permission read = reader - banned
            permission write = writer
        }
        """;

    private static readonly string[] Tuples =
    [
        "record:r1#reader@user:ann", "record:r1#reader@user:bob", "record:r2#reader@user:ann", "record:r3#reader@user:ann",
        "record:r1#writer@user:ann[office_hours]", "record:r2#writer@user:ann[owns]", "record:r3#writer@user:ann", "record:open#reader@user:*",
        "record:open#reader@user:cat", "record:open#banned@user:bob",
    ];

    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.Client.WriteSchemaAsync(new() { Text = Schema });
        await _server.Client.WriteRelationshipsAsync(Words.Touch(Tuples));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("ann", "read", "r1", "", true)]
    [InlineData("eve", "read", "r1", "", false)]
    [InlineData("eve", "read", "open", "", true)]
    [InlineData("bob", "read", "open", "", false)]
    [InlineData("ann", "write", "r1", "", false)]
    [InlineData("ann", "write", "r1", ",\"context\":{\"hour\":9}", true)]
    [InlineData("ann", "write", "r1", ",\"context\":{\"hour\":19}", false)]
    [InlineData("ann", "erase", "r1", "", false)]
    public async Task An_evaluation_answers_with_its_decision_and_nothing_else(string who, string what, string record, string more, bool permitted) =>
        Assert.Equal((200, $"{{\"decision\":{(permitted ? "true" : "false")}}}"), await PostAsync("evaluation", Question(who, what, record, more)));

    [Fact]
    public async Task Properties_reach_caveats_with_and_without_the_name_of_their_entity()
    {
        const string Owned = """
            {"subject":{"type":"user","id":"ann","properties":{"email":"a@x"}},"action":{"name":"write"},
             "resource":{"type":"record","id":"r2","properties":{"ownerID":"a@x"}},"unknown":[1,2]}
            """;
        Assert.Equal("""{"decision":true}""", (await PostAsync("evaluation", Owned)).Body);
        Assert.Equal("""{"decision":false}""", (await PostAsync("evaluation", Owned.Replace("ownerID\":\"a@x", "ownerID\":\"b@x", StringComparison.Ordinal))).Body);
    }

    [Fact]
    public async Task A_denial_says_why_when_asked()
    {
        const string Why = ",\"options\":{\"reason\":true}";
        Assert.Equal("""{"decision":false,"context":{"reason":{"code":"CONDITIONAL","missing":["hour"]}}}""", (await PostAsync("evaluation", Question("ann", "write", "r1", Why))).Body);
        Assert.Equal("""{"decision":false,"context":{"reason":{"code":"NO_PERMISSION","object":"record:r1"}}}""", (await PostAsync("evaluation", Question("eve", "read", "r1", Why))).Body);
        Assert.Contains("UNKNOWN_RELATION", (await PostAsync("evaluation", Question("ann", "erase", "r1", Why))).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("execute_all", "true false true")]
    [InlineData("deny_on_first_deny", "true false")]
    [InlineData("permit_on_first_permit", "true")]
    public async Task A_batch_is_decided_as_far_as_its_semantic_says(string semantic, string decisions)
    {
        string body = (await PostAsync("evaluations", $$"""
            {"subject":{"type":"user","id":"ann"},"action":{"name":"read"},"options":{"evaluations_semantic":"{{semantic}}"},
             "evaluations":[{"resource":{"type":"record","id":"r1"} },{"resource":{"type":"record","id":"r9"} },{"resource":{"type":"record","id":"r2"} }]}
            """)).Body;
        Assert.Equal(decisions, string.Join(' ', Parse(body).GetProperty("evaluations").EnumerateArray().Select(item => item.GetProperty("decision").GetBoolean() ? "true" : "false")));
        Assert.DoesNotContain("context", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_without_evaluations_is_one_and_an_item_that_is_none_is_denied_alone()
    {
        Assert.Equal("""{"decision":true}""", (await PostAsync("evaluations", Question("ann", "read", "r1", ",\"evaluations\":[]"))).Body);
        string body = (await PostAsync("evaluations", """{"action":{"name":"read"},"evaluations":[{},{"subject":{"type":"user","id":"ann"},"resource":{"type":"record","id":"r1"}}]}""")).Body;
        Assert.Equal("""{"evaluations":[{"decision":false,"context":{"error":{"status":400,"message":"\u0060resource\u0060 is missing"}}},{"decision":true}]}""", body);
    }

    [Theory]
    [InlineData("evaluation", "")]
    [InlineData("evaluation", "[]")]
    [InlineData("evaluation", "{\"subject\":\"ann\"}")]
    [InlineData("evaluation", "{\"subject\":{\"type\":\"user\",\"id\":\"ann\"},\"action\":{\"name\":1},\"resource\":{\"type\":\"record\",\"id\":\"r1\"}}")]
    [InlineData("evaluation", "{\"subject\":{\"type\":\"user\"},\"action\":{\"name\":\"read\"},\"resource\":{\"type\":\"record\",\"id\":\"r1\"}}")]
    [InlineData("evaluations", "{\"evaluations\":{}}")]
    [InlineData("evaluations", "{\"options\":{\"evaluations_semantic\":\"any\"},\"evaluations\":[{}]}")]
    [InlineData("search/subject", "{\"action\":{\"name\":\"read\"},\"resource\":{\"type\":\"record\",\"id\":\"r1\"}}")]
    [InlineData("search/resource", "{\"subject\":{\"type\":\"user\",\"id\":\"ann\"},\"action\":{\"name\":\"read\"},\"resource\":{\"type\":\"record\"},\"page\":{\"token\":\"made up\"}}")]
    [InlineData("search/action", "{\"subject\":{\"type\":\"user\"},\"resource\":{\"type\":\"record\",\"id\":\"r1\"}}")]
    public async Task What_is_no_request_is_refused_with_a_sentence(string path, string body)
    {
        (int status, string answer) = await PostAsync(path, body);
        Assert.Equal(400, status);
        Assert.Equal(JsonValueKind.String, Parse(answer).ValueKind);
    }

    [Fact]
    public async Task Searches_find_what_an_evaluation_would_permit()
    {
        Assert.Equal("ann bob", await SearchAsync("subject", """{"subject":{"type":"user","id":"ignored"},"action":{"name":"read"},"resource":{"type":"record","id":"r1"}}"""));
        Assert.Equal("open r1 r2 r3", await SearchAsync("resource", """{"subject":{"type":"user","id":"ann"},"action":{"name":"read"},"resource":{"type":"record"}}"""));
        Assert.Equal("r3", await SearchAsync("resource", """{"subject":{"type":"user","id":"ann"},"action":{"name":"write"},"resource":{"type":"record"}}"""));
        Assert.Equal("r1 r3", await SearchAsync("resource", """{"subject":{"type":"user","id":"ann"},"action":{"name":"write"},"resource":{"type":"record"},"context":{"hour":10}}"""));
        Assert.Equal("read write", await SearchAsync("action", """{"subject":{"type":"user","id":"ann"},"resource":{"type":"record","id":"r3"}}"""));
        Assert.Equal("", await SearchAsync("action", """{"subject":{"type":"user","id":"ann"},"resource":{"type":"planet","id":"mars"}}"""));
        Assert.Equal("", await SearchAsync("resource", """{"subject":{"type":"robot","id":"x"},"action":{"name":"read"},"resource":{"type":"record"}}"""));
    }

    [Theory]
    [InlineData("resource", "\"subject\":{\"type\":\"user\",\"id\":\"ann\"},\"action\":{\"name\":\"read\"},\"resource\":{\"type\":\"record\"}", "open r1 r2 r3")]
    [InlineData("subject", "\"subject\":{\"type\":\"user\"},\"action\":{\"name\":\"read\"},\"resource\":{\"type\":\"record\",\"id\":\"r1\"}", "ann bob")]
    [InlineData("action", "\"subject\":{\"type\":\"user\",\"id\":\"ann\"},\"resource\":{\"type\":\"record\",\"id\":\"r3\"}", "read write")]
    public async Task Pages_of_one_hold_every_result_once(string kind, string request, string expected)
    {
        List<string> found = [];
        string token = "";
        do
        {
            string body = (await PostAsync($"search/{kind}", $"{{{request},\"page\":{{\"limit\":1,\"token\":\"{token}\"}}}}")).Body;
            Assert.StartsWith("{\"page\":", body, StringComparison.Ordinal);
            found.AddRange(Results(body));
            token = Parse(body).GetProperty("page").GetProperty("next_token").GetString() ?? "";
        }
        while (token.Length > 0 && found.Count < 10);
        Assert.Equal(expected, string.Join(' ', found.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task The_request_id_comes_back_and_other_methods_and_media_types_are_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/access/v1/evaluation") { Content = new StringContent(Question("ann", "read", "r1", ""), Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Request-ID", "abc-1");
        using HttpResponseMessage response = await _server.Http.SendAsync(request);
        Assert.Equal("abc-1", Assert.Single(response.Headers.GetValues("X-Request-ID")));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using HttpResponseMessage got = await _server.Http.GetAsync("/access/v1/evaluation");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, got.StatusCode);
        Assert.Equal(400, (await _server.PostAsync("/access/v1/evaluation", "{}", "text/plain")).Status);
        using HttpResponseMessage metadata = await _server.Http.GetAsync("/.well-known/authzen-configuration");
        Assert.Equal(HttpStatusCode.NotFound, metadata.StatusCode);
    }

    [Fact]
    public async Task The_metadata_names_the_endpoints_under_the_public_url()
    {
        await using TestServer server = await TestServer.StartAsync(publicUrl: new Uri("https://pdp.example.com"));
        JsonElement metadata = Parse(await server.Http.GetStringAsync("/.well-known/authzen-configuration"));
        Assert.Equal("https://pdp.example.com", metadata.GetProperty("policy_decision_point").GetString());
        Assert.Equal("https://pdp.example.com/access/v1/search/action", metadata.GetProperty("search_action_endpoint").GetString());
    }

    [Fact]
    public async Task An_agent_is_judged_by_the_chain_in_the_context()
    {
        await using TestServer server = await TestServer.StartFilledAsync();
        static string Ask(string hop) => $$"""
            {"subject":{"type":"agent","id":"bot"},"action":{"name":"view"},"resource":{"type":"document","id":"readme"},
             "context":{"acting":{"delegation":"grant:{{hop}}"} },"options":{"reason":true} }
            """;
        Assert.Equal("""{"decision":true}""", (await server.PostAsync("/access/v1/evaluation", Ask("g1"))).Body);
        Assert.Contains("\"code\":\"HOP_UNKNOWN\"", (await server.PostAsync("/access/v1/evaluation", Ask("g9"))).Body, StringComparison.Ordinal);
    }

    private static string Question(string who, string what, string record, string more) =>
        $$"""{"resource":{"id":"{{record}}","type":"record"},"subject":{"type":"user","id":"{{who}}"},"action":{"name":"{{what}}"}{{more}} }""";

    private Task<(int Status, string Body)> PostAsync(string path, string body) => _server.PostAsync($"/access/v1/{path}", body);

    private async Task<string> SearchAsync(string kind, string request)
    {
        (int status, string body) = await PostAsync($"search/{kind}", request);
        Assert.True(status == 200, body);
        return string.Join(' ', Results(body).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Results(string body) => Parse(body).GetProperty("results").EnumerateArray()
        .Select(result => (result.TryGetProperty("id", out JsonElement id) ? id : result.GetProperty("name")).GetString() ?? "");

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
