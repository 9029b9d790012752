using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using Xunit.Abstractions;

namespace AuthzGraph.Server.Tests;

/// <summary>The certification and interop cases of the AuthZEN working group, read where they lie.</summary>
public sealed partial class AuthZenCorpusTests(ITestOutputHelper output)
{
    private const string Folder = "authzen";

    // the certification's fixture as the scenario describes it, in our words
    private const string CertificationSchema =
        """
        caveat archived_admin(subject_role string, resource_status string) { subject_role == "admin" && resource_status == "archived" }
        caveat soft_only(action_soft bool) { action_soft }

        definition user {}
        definition record {
            relation reader: user
            relation writer: user | user:* with archived_admin
            relation deleter: user with soft_only
            permission read = reader
            permission write = writer
            permission delete = deleter
        }
        """;

    private static readonly string[] CertificationTuples =
    [
        "record:record-1#reader@user:alice", "record:record-1#reader@user:bob", "record:record-1#writer@user:alice",
        "record:record-2#writer@user:*[archived_admin]", "record:record-1#deleter@user:alice[soft_only]",
    ];

    [CorpusFact(Folder)]
    public async Task Every_certification_case_is_answered_as_the_scenario_says()
    {
        JsonElement corpus = Read("authzen-cert.give.json");
        await using TestServer server = await FilledAsync(CertificationSchema, CertificationTuples);
        int cases = 0;
        foreach (JsonElement item in corpus.GetProperty("cases").EnumerateArray())
        {
            (int status, string body) = await server.PostAsync(item.GetProperty("endpoint").GetString() ?? "", item.GetProperty("request").GetRawText());
            string told = $"{item.GetProperty("id")} {item.GetProperty("request")}: {status} {body}";
            Assert.True(item.GetProperty("status").GetInt32() == status, told);
            if (item.TryGetProperty("response", out JsonElement expected)) Assert.True(Agrees(expected, JsonDocument.Parse(body).RootElement), told);
            cases++;
        }
        output.WriteLine($"{cases} certification cases");
        Assert.True(cases > 20);
    }

    [CorpusFact(Folder)]
    public async Task Every_decision_of_the_todo_interop_is_the_expected_one()
    {
        JsonElement corpus = Read("decisions-authorization-api-1_0-01.json"), fixture = Read("todo-fixture.json");
        await using TestServer server = await FilledAsync(fixture);
        int cases = 0;
        foreach (JsonElement item in corpus.GetProperty("evaluation").EnumerateArray())
        {
            (_, string body) = await server.PostAsync("/access/v1/evaluation", item.GetProperty("request").GetRawText());
            Assert.True($"{{\"decision\":{item.GetProperty("expected").GetRawText()}}}" == body, $"{item.GetProperty("request")}: {body}");
            cases++;
        }
        output.WriteLine($"{cases} decisions");
        Assert.True(cases > 30);
    }

    [CorpusFact(Folder)]
    public async Task Every_search_of_the_search_interop_finds_what_is_expected()
    {
        JsonElement corpus = Read("results.json"), fixture = Read("search-fixture.json");
        await using TestServer server = await FilledAsync(fixture);
        int cases = 0;
        foreach (JsonElement item in corpus.GetProperty("evaluation").EnumerateArray())
        {
            JsonElement request = item.GetProperty("request");
            string kind = !request.TryGetProperty("action", out _) ? "action" : request.GetProperty("subject").TryGetProperty("id", out _) ? "resource" : "subject";
            (_, string body) = await server.PostAsync($"/access/v1/search/{kind}", request.GetRawText());
            JsonElement answer = JsonDocument.Parse(body).RootElement;
            Assert.True(Sorted(item.GetProperty("expected").GetProperty("results")).SequenceEqual(Sorted(answer.GetProperty("results"))), $"{kind} {request}: {body}");
            cases++;
        }
        output.WriteLine($"{cases} searches");
        Assert.True(cases > 10);
    }

    private static bool Agrees(JsonElement expected, JsonElement answer)
    {
        if (expected.TryGetProperty("decision", out JsonElement decision)) return answer.GetProperty("decision").ValueKind == decision.ValueKind;
        if (expected.TryGetProperty("evaluations", out JsonElement evaluations))
            return evaluations.EnumerateArray().Select(e => e.GetProperty("decision").GetRawText())
                .SequenceEqual(answer.GetProperty("evaluations").EnumerateArray().Select(e => e.GetProperty("decision").GetRawText()));
        return Sorted(expected.GetProperty("results")).All(Sorted(answer.GetProperty("results")).Contains);
    }

    private static string[] Sorted(JsonElement results) => [.. results.EnumerateArray().Select(r => JsonSerializer.Serialize(r)).Order(StringComparer.Ordinal)];

    private static Task<TestServer> FilledAsync(JsonElement fixture) => FilledAsync(
        fixture.GetProperty("schema").GetString() ?? "", [.. fixture.GetProperty("relationships").EnumerateArray().Select(r => Unescaped(r.GetString() ?? ""))]);

    private static async Task<TestServer> FilledAsync(string schema, string[] tuples)
    {
        TestServer server = await TestServer.StartAsync();
        await server.Client.WriteSchemaAsync(new() { Text = schema });
        await server.Client.WriteRelationshipsAsync(Words.Touch(tuples));
        return server;
    }

    // the fixtures escape what SpiceDB does not take in ids; here they are taken as they are
    private static string Unescaped(string tuple) => Escape().Replace(tuple, match => ((char)int.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());

    [GeneratedRegex("=([0-9A-F]{2})")]
    private static partial Regex Escape();

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Corpus(Folder), file))).RootElement;
}
