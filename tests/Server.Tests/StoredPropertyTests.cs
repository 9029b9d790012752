using System.Text.Json;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Xunit.Abstractions;

namespace AuthzGraph.Server.Tests;

/// <summary>Properties that are stored with objects, as enforcement points that send none come by them.</summary>
public sealed class StoredPropertyTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Schema =
        """
        use expiration

        caveat user_properties(role string, clearance int) { true }
        caveat record_properties(status string, clearance int) { true }
        caveat unless_archived(resource_status string) { resource_status != "archived" }
        caveat cleared(subject_clearance int, resource_clearance int) { subject_clearance >= resource_clearance }
        caveat of_status(status string) { status == "open" }
        caveat of_number(status int) { status > 1 }

        definition user {
            relation properties: user with user_properties
        }

        definition record {
            relation properties: record with record_properties | record with record_properties and expiration
            relation reader: user with cleared | user:* with cleared
            relation writer: user | user with unless_archived
            relation opener: user with of_status | user with of_number
            relation helper: user
            relation banned: user with unless_archived
            permission read = reader - banned
            permission write = writer
            permission open = opener + helper
        }
        """;

    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.Client.WriteSchemaAsync(new() { Text = Schema });
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task What_is_stored_of_resource_and_subject_reaches_caveats_when_the_request_sends_nothing()
    {
        await WriteAsync("record:r1#writer@user:ann[unless_archived]", "record:r1#reader@user:ann[cleared]");
        Assert.Equal("false false", $"{await AskAsync("ann", "write", "r1")} {await AskAsync("ann", "read", "r1")}");
        await WriteAsync("record:r1#properties@record:r1[record_properties:{\"status\":\"active\",\"clearance\":3}]", "user:ann#properties@user:ann[user_properties:{\"clearance\":3}]");
        Assert.Equal("true true", $"{await AskAsync("ann", "write", "r1")} {await AskAsync("ann", "read", "r1")}");
        await WriteAsync("record:r1#properties@record:r1[record_properties:{\"status\":\"archived\",\"clearance\":4}]");
        Assert.Equal("false false", $"{await AskAsync("ann", "write", "r1")} {await AskAsync("ann", "read", "r1")}");
    }

    [Theory]
    [InlineData("", "", true)]                                                        // the store says open
    [InlineData(",\"properties\":{\"status\":\"shut\"}", "", false)]                 // what the caller says of the record counts,
    [InlineData(",\"properties\":{\"owner\":\"bob\"}", "", true)]                    // name by name
    [InlineData("", ",\"context\":{\"status\":\"shut\"}", false)]                    // and so does its context
    [InlineData(",\"properties\":{\"resource_status\":\"shut\"}", "", true)]
    public async Task What_the_caller_says_goes_before_what_is_stored_name_by_name(string properties, string context, bool permitted)
    {
        await WriteAsync("record:r1#opener@user:ann[of_status]", "record:r1#properties@record:r1[record_properties:{\"status\":\"open\"}]");
        string request = $$$"""{"subject":{"type":"user","id":"ann"},"action":{"name":"open"},"resource":{"type":"record","id":"r1"{{{properties}}}}{{{context}}}}""";
        Assert.Equal((200, $"{{\"decision\":{(permitted ? "true" : "false")}}}"), await _server.PostAsync("/access/v1/evaluation", request));
    }

    [Fact]
    public async Task Properties_have_windows_and_end_with_their_relationship()
    {
        await WriteAsync("record:r1#writer@user:ann[unless_archived]", "record:r1#properties@record:r1[record_properties:{\"status\":\"active\"}][from:2999-01-01T00:00:00Z][expiration:2999-02-01T00:00:00Z]");
        Assert.Equal("false", await AskAsync("ann", "write", "r1"));
        await WriteAsync("record:r1#properties@record:r1[record_properties:{\"status\":\"active\"}][from:2020-01-01T00:00:00Z][expiration:2999-02-01T00:00:00Z]");
        Assert.Equal("true", await AskAsync("ann", "write", "r1"));
        await _server.Client.DeleteRelationshipsAsync(new() { Filter = new() { ResourceType = "record", ResourceId = "r1", Relation = "properties" } });
        Assert.Equal("false", await AskAsync("ann", "write", "r1"));
    }

    [Fact]
    public async Task A_property_that_is_not_declared_or_of_another_type_is_refused_when_it_is_written()
    {
        foreach (string wrong in (string[])["{\"colour\":\"red\"}", "{\"status\":7}"])
            Assert.Equal(RpcCode.InvalidArgument, (await Words.Fails(WriteAsync($"record:r1#properties@record:r1[record_properties:{wrong}]"))).Code);
    }

    [Fact]
    public async Task What_is_stored_and_fits_no_caveat_takes_no_answer_away()
    {
        await WriteAsync("record:r1#opener@user:ann[of_number]", "record:r1#helper@user:ann", "record:r2#opener@user:ann[of_number]");
        await WriteAsync("record:r1#properties@record:r1[record_properties:{\"status\":\"open\"}]", "record:r2#properties@record:r2[record_properties:{\"status\":\"open\"}]");
        Assert.Equal("true false", $"{await AskAsync("ann", "open", "r1")} {await AskAsync("ann", "open", "r2")}");
        Assert.Equal(["r1"], await SearchAsync("resource", """{"subject":{"type":"user","id":"ann"},"action":{"name":"open"},"resource":{"type":"record"}}"""));
    }

    [Fact]
    public async Task A_denial_names_what_is_neither_sent_nor_stored()
    {
        await WriteAsync("record:r1#reader@user:ann[cleared]", "user:ann#properties@user:ann[user_properties:{\"clearance\":3}]");
        string body = (await _server.PostAsync("/access/v1/evaluation",
            """{"subject":{"type":"user","id":"ann"},"action":{"name":"read"},"resource":{"type":"record","id":"r1"},"options":{"reason":true}}""")).Body;
        Assert.Equal("""{"decision":false,"context":{"reason":{"code":"CONDITIONAL","missing":["resource_clearance"]}}}""", body);
    }

    [Fact]
    public async Task A_page_goes_on_with_the_properties_of_its_own_snapshot()
    {
        foreach (string id in (string[])["r1", "r2", "r3"])
            await WriteAsync($"record:{id}#writer@user:ann[unless_archived]", $"record:{id}#properties@record:{id}[record_properties:{{\"status\":\"active\"}}]");
        const string Ask = """{"subject":{"type":"user","id":"ann"},"action":{"name":"write"},"resource":{"type":"record"},"page":{"limit":1,"token":"TOKEN"}}""";
        HashSet<string> found = [];
        string token = "";
        do
        {
            JsonElement page = JsonDocument.Parse((await _server.PostAsync("/access/v1/search/resource", Ask.Replace("TOKEN", token, StringComparison.Ordinal))).Body).RootElement;
            Assert.True(found.Add(page.GetProperty("results")[0].GetProperty("id").GetString() ?? ""));
            token = page.GetProperty("page").GetProperty("next_token").GetString() ?? "";
            foreach (string id in (string[])["r1", "r2", "r3"]) await WriteAsync($"record:{id}#properties@record:{id}[record_properties:{{\"status\":\"archived\"}}]");
        }
        while (token.Length > 0);
        Assert.Equal(3, found.Count);
        Assert.Equal("false", await AskAsync("ann", "write", "r1"));
    }

    [Fact]
    public async Task Searches_find_exactly_what_evaluations_permit_with_what_is_stored()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        string[] users = ["ann", "bob", "cat", "dan", "eve"], records = ["r1", "r2", "r3", "r4", "r5"], actions = ["read", "write", "open"];
        for (int round = 0; round < 6; round++)
        {
            await WriteAsync([.. Tuples(random, users, records).Distinct()]);
            HashSet<string> permitted = await PermittedAsync(users, records, actions);
            output.WriteLine($"round {round}: {permitted.Count} permitted");
            foreach (string user in users)
                foreach (string action in actions)
                    Assert.Equal(records.Where(r => permitted.Contains($"{user} {action} {r}")), await SearchAsync("resource",
                        $$$"""{"subject":{"type":"user","id":"{{{user}}}"},"action":{"name":"{{{action}}}"},"resource":{"type":"record"}}"""));
            foreach (string record in records)
            {
                foreach (string action in actions)
                    Assert.Equal(users.Where(u => permitted.Contains($"{u} {action} {record}")), (await SearchAsync("subject",
                        $$$"""{"subject":{"type":"user"},"action":{"name":"{{{action}}}"},"resource":{"type":"record","id":"{{{record}}}"}}""")).Intersect(users));
                foreach (string user in users)
                    Assert.Equal(actions.Where(a => permitted.Contains($"{user} {a} {record}")).Order(StringComparer.Ordinal), await SearchAsync("action",
                        $$$"""{"subject":{"type":"user","id":"{{{user}}}"},"resource":{"type":"record","id":"{{{record}}}"}}"""));
            }
        }
    }

    // every user reads something, so that subjects behind the wildcard have relationships of their own; see docs/authzen.md of wildcards
    private static IEnumerable<string> Tuples(Random random, string[] users, string[] records)
    {
        string[] statuses = ["open", "active", "archived"];
        foreach (string user in users)
        {
            if (random.Next(3) > 0) yield return $"user:{user}#properties@user:{user}[user_properties:{{\"clearance\":{random.Next(4)}}}]";
            foreach (string record in records)
            {
                if (random.Next(2) == 0) yield return $"record:{record}#reader@user:{user}[cleared]";
                if (random.Next(3) == 0) yield return $"record:{record}#writer@user:{user}{(random.Next(3) == 0 ? "" : "[unless_archived]")}";
                if (random.Next(3) == 0) yield return $"record:{record}#opener@user:{user}[of_status]";
                if (random.Next(5) == 0) yield return $"record:{record}#banned@user:{user}[unless_archived]";
            }
        }
        foreach (string record in records)
            if (random.Next(4) > 0) yield return $"record:{record}#properties@record:{record}[record_properties:{{\"status\":\"{statuses[random.Next(3)]}\",\"clearance\":{random.Next(4)}}}]";
    }

    private async Task<HashSet<string>> PermittedAsync(string[] users, string[] records, string[] actions)
    {
        (string Name, string Json)[] asked =
        [
            .. from user in users from action in actions from record in records
               select ($"{user} {action} {record}", $$$"""{"subject":{"type":"user","id":"{{{user}}}"},"action":{"name":"{{{action}}}"},"resource":{"type":"record","id":"{{{record}}}"}}"""),
        ];
        (int status, string body) = await _server.PostAsync("/access/v1/evaluations", $"{{\"evaluations\":[{string.Join(',', asked.Select(one => one.Json))}]}}");
        Assert.True(status == 200, body);
        return [.. JsonDocument.Parse(body).RootElement.GetProperty("evaluations").EnumerateArray().Zip(asked).Where(pair => pair.First.GetProperty("decision").GetBoolean()).Select(pair => pair.Second.Name)];
    }

    private async Task<string[]> SearchAsync(string kind, string request)
    {
        (int status, string body) = await _server.PostAsync($"/access/v1/search/{kind}", request);
        Assert.True(status == 200, body);
        return [.. JsonDocument.Parse(body).RootElement.GetProperty("results").EnumerateArray()
            .Select(result => (result.TryGetProperty("id", out JsonElement id) ? id : result.GetProperty("name")).GetString() ?? "").Order(StringComparer.Ordinal)];
    }

    private async Task<string> AskAsync(string who, string what, string record)
    {
        (_, string body) = await _server.PostAsync("/access/v1/evaluation", $$$"""{"subject":{"type":"user","id":"{{{who}}}"},"action":{"name":"{{{what}}}"},"resource":{"type":"record","id":"{{{record}}}"}}""");
        return JsonDocument.Parse(body).RootElement.GetProperty("decision").GetRawText();
    }

    private Task<WriteRelationshipsResponse> WriteAsync(params string[] tuples) => _server.Client.WriteRelationshipsAsync(Words.Touch(tuples));
}
