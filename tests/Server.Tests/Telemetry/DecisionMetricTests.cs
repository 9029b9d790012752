using System.Text.RegularExpressions;
using AuthzGraph.Client;
using AuthzGraph.Model;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.Protocol.V1;
using Acting = AuthzGraph.Protocol.V1.Acting;

namespace AuthzGraph.Server.Tests.Telemetry;

/// <summary>Decisions as Prometheus counts them, whichever interface they were asked over.</summary>
public sealed class DecisionMetricTests
{
    private const string Permitted = "mode=\"direct\",code=\"PERMITTED\"";
    private const string Denied = "mode=\"direct\",code=\"NO_PERMISSION\"";

    [Fact]
    public async Task Every_interface_counts_its_decisions_by_outcome()
    {
        await using TestServer server = await TestServer.StartFilledAsync();
        await server.Client.CheckAsync(Words.Check("document:readme#view@user:ann"));
        await Counted(server, (Permitted, 1));
        await server.Client.CheckBatchAsync(new() { Items = { Words.Item("document:readme#view@user:ann"), Words.Item("document:readme#view@user:eve") } });
        await Counted(server, (Permitted, 2), (Denied, 1));
        await SpiceDbWords.CallAsync<CheckPermissionResponse>(server, "PermissionsService/CheckPermission", new CheckPermissionRequest
        {
            Resource = SpiceDbWords.Object("document", "readme"), Permission = "view", Subject = SpiceDbWords.Subject("user", "eve"), WithTracing = true,
        });
        await Counted(server, (Permitted, 2), (Denied, 2));
        const string Question = """{"subject":{"type":"user","id":"ann"},"action":{"name":"view"},"resource":{"type":"document","id":"readme"}}""";
        await server.PostAsync("/access/v1/evaluation", Question);
        await server.PostAsync("/access/v1/evaluations", $"{{\"evaluations\":[{Question},{Question}]}}");
        await Counted(server, (Permitted, 5), (Denied, 2));
        await using IAsyncEnumerator<WatchDecisionResponse> watch = server.Client.WatchDecisionAsync(new() { Items = { Words.Item("document:readme#view@user:ann") } }).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        await Counted(server, (Permitted, 6), (Denied, 2));
        await server.Client.LookupResourcesAsync(new() { ResourceType = "document", Permission = "view", Subject = Words.Subject("user:ann") }).ToListAsync();
        await server.PostAsync("/access/v1/search/resource", """{"subject":{"type":"user","id":"ann"},"action":{"name":"view"},"resource":{"type":"document"}}""");
        await Counted(server, (Permitted, 6), (Denied, 2));     // what a search finds is no decision that somebody asked for
    }

    [Fact]
    public async Task The_mode_says_by_whose_authority_and_of_which_time_was_asked()
    {
        await using TestServer server = await TestServer.StartFilledAsync();
        string token = (await server.Client.WriteRelationshipsAsync(Words.Touch("document:readme#viewer@user:cat"))).Token;
        CheckRequest Bot() => Words.Check("document:readme#view@agent:bot");
        CheckRequest named = Bot(), discovered = Bot(), foreign = Bot(), past = Words.Check("document:readme#view@user:cat");
        named.Acting = new Acting { Delegation = Words.Object("grant:g1") };
        discovered.Acting = new Acting { OnBehalfOf = Words.Object("user:ann") };
        foreign.Acting = new Acting { OnBehalfOf = Words.Object("user:bob") };
        past.Consistency = new() { AtExactSnapshot = token };
        foreach (CheckRequest request in (CheckRequest[])[Bot(), named, discovered, foreign, past]) await server.Client.CheckAsync(request);
        await Counted(server,
            ("mode=\"autonomous\",code=\"NOT_AUTONOMOUS\"", 1), ("mode=\"delegated\",code=\"PERMITTED\"", 1), ("mode=\"discovered\",code=\"PERMITTED\"", 1),
            ("mode=\"discovered\",code=\"NO_DELEGATION\"", 1), ("mode=\"simulated\",code=\"PERMITTED\"", 1));
    }

    [Fact]
    public async Task The_domain_is_the_definition_s_and_counts_go_on_under_another_schema()
    {
        await using TestServer server = await TestServer.StartAsync();
        const string Schema = "use delegation\ndefinition user { principal human }\ndefinition row { domain data; relation reader: user; permission read = reader }";
        for (int i = 0; i < 2; i++)
        {
            await server.Client.WriteSchemaAsync(new() { Text = $"{Schema}\n// {i}" });
            await server.Client.CheckAsync(Words.Check("row:r1#read@user:ann"));
        }
        Assert.Contains("authzgraph_decisions_total{store=\"default\",domain=\"data\",type=\"row\",permission=\"read\",mode=\"direct\",code=\"NO_PERMISSION\"} 2\n", await MetricsAsync(server));
    }

    [Fact]
    public async Task What_is_not_decided_is_counted_by_its_reason_and_tells_no_names()
    {
        await using TestServer server = await TestServer.StartFilledAsync();
        await Words.Fails(server.Client.CheckAsync(Words.Check("document:readme#invented@user:ann")));
        await server.Client.CheckBatchAsync(new() { Items = { Words.Item("planet:mars#view@user:ann") } });
        string metrics = await MetricsAsync(server);
        Assert.Contains("{store=\"default\",domain=\"\",type=\"\",permission=\"\",mode=\"\",code=\"UNKNOWN_RELATION\"} 1\n", metrics);
        Assert.Contains("{store=\"default\",domain=\"\",type=\"\",permission=\"\",mode=\"\",code=\"UNKNOWN_TYPE\"} 1\n", metrics);
        Assert.DoesNotContain("invented", metrics);
        Assert.DoesNotContain("mars", metrics);
    }

    [Fact]
    public async Task Past_the_limit_decisions_count_as_others_and_no_count_goes_down()
    {
        await using TestServer server = await TestServer.StartFilledAsync(Limits.Default with { MetricSeries = 1 });
        await server.Client.CheckAsync(Words.Check("document:readme#view@user:ann"));
        await Counted(server, (Permitted, 1));
        for (int i = 0; i < 3; i++) await server.Client.CheckAsync(Words.Check("document:readme#view@user:eve"));
        await server.Client.CheckAsync(Words.Check("document:readme#view@user:ann"));
        await Counted(server, (Permitted, 2), ("mode=\"other\",code=\"other\"", 3));
    }

    [Fact]
    public async Task Many_threads_lose_no_count()
    {
        await using TestServer server = await TestServer.StartFilledAsync();
        var batch = new CheckBatchRequest();
        for (int i = 0; i < 100; i++) batch.Items.Add(Words.Item("document:readme#view@user:ann"));
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, stop) => await server.Client.CheckBatchAsync(batch, stop));
        await Counted(server, (Permitted, 20_000));
    }

    private static async Task Counted(TestServer server, params (string Labels, long Count)[] expected) => Assert.Equal(
        expected.Select(one => $"{one.Labels}: {one.Count}").Order(StringComparer.Ordinal),
        Regex.Matches(await MetricsAsync(server), "(?m)^authzgraph_decisions_total\\{store=\"[a-z]+\",domain=\"[a-z]*\",type=\"[a-z]+\",permission=\"[a-z]+\",(.*)\\} (\\d+)$")
            .Select(line => $"{line.Groups[1].Value}: {line.Groups[2].Value}").Order(StringComparer.Ordinal));

    private static Task<string> MetricsAsync(TestServer server) => server.Http.GetStringAsync("/metrics");
}
