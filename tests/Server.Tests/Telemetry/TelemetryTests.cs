using System.Text.RegularExpressions;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Hosting;
using AuthzGraph.Server.Telemetry;
using Microsoft.Extensions.Logging;

namespace AuthzGraph.Server.Tests.Telemetry;

/// <summary>What a collector and Prometheus are told of calls. A collector is told of every server in the process, so there is one only.</summary>
[Collection(nameof(Stores.Alone))]
public sealed class TelemetryTests
{
    private const string Question = """{"resource":{"type":"document","id":"secret-doc"},"permission":"view","subject":{"object":{"type":"user","id":"secret-user"}}}""";

    [Fact]
    public async Task A_collector_gets_a_span_and_the_duration_of_every_call_below_the_callers_own_span_and_no_names()
    {
        await using Collector collector = await Collector.StartAsync();
        await using (ServerHost host = await StartAsync(new TelemetryOptions { Collector = collector.Address, Interval = TimeSpan.FromMilliseconds(200) }))
        {
            using var http = new HttpClient { BaseAddress = host.HttpAddress };
            await PostAsync(http, "/authzgraph.v1.Schema/Write", $$"""{"text":{{System.Text.Json.JsonSerializer.Serialize(TestServer.Schema)}}}""");
            await PostAsync(http, "/authzgraph.v1.Permissions/Check", Question, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            await PostAsync(http, "/authzgraph.v1.Permissions/Check", "{}");
        }   // what is left is sent when the server stops
        Message below = Assert.Single(collector.Spans, s => s.Hex(1) == "0af7651916cd43dd8448eb211c80319c");
        Assert.Equal(("authzgraph.v1.Permissions/Check", "b7ad6b7169203331", 2ul), (below.Text(5), below.Hex(4), below.Number(6)));
        Dictionary<string, string> said = Collector.Attributes(below);
        Assert.Equal(("0", "default"), (said["rpc.grpc.status_code"], said["authzgraph.store"]));
        Assert.Equal(3, collector.Spans.Count);
        Assert.DoesNotContain(collector.Spans, s => Collector.Attributes(s).Values.Any(value => value.Contains("secret")));

        Message[] points = [.. collector.Metrics.Where(m => m.Text(1) == "authzgraph.call.duration").SelectMany(m => m.One(9).All(1))];
        string[] series = [.. points.Select(p => string.Join(' ', Collector.Attributes(p).OrderBy(a => a.Key).Select(a => a.Value))).Distinct().Order()];
        Assert.Equal(
            ["InvalidArgument authzgraph.v1.Permissions/Check default", "Ok authzgraph.v1.Permissions/Check default", "Ok authzgraph.v1.Schema/Write default"], series);
        Assert.All(points, p => Assert.Equal(1ul, p.Number(4)));
        Assert.All(points, p => Assert.Equal(CallSeries.Bounds.Length * sizeof(double), p.Bytes(7).Length));
        Assert.Equal(1, collector.Sums("authzgraph.revision")["default"]);
        Assert.Equal(1, collector.Sums("authzgraph.decisions")["NO_PERMISSION  direct view default document"]);
        Assert.Equal(["1", "1"], collector.Spans.Select(span => Collector.Attributes(span)).Select(a => a.GetValueOrDefault("authzgraph.revision")).OfType<string>());
    }

    [Fact]
    public async Task Over_grpc_a_collector_gets_the_same_with_the_headers_that_are_in_the_environment()
    {
        const string Headers = "OTEL_EXPORTER_OTLP_HEADERS";
        await using Collector collector = await Collector.StartAsync(overGrpc: true);
        Environment.SetEnvironmentVariable(Headers, "x-api-key=of-the-collector");
        try
        {
            await using ServerHost host = await StartAsync(new TelemetryOptions { Collector = collector.Address, Protocol = CollectorProtocol.Grpc, Interval = TimeSpan.FromMilliseconds(200) });
            using var http = new HttpClient { BaseAddress = host.HttpAddress };
            await PostAsync(http, "/authzgraph.v1.Permissions/Check", Question);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Headers, null);
        }
        Assert.Equal("authzgraph.v1.Permissions/Check", Assert.Single(collector.Spans).Text(5));
        Assert.Equal(0, collector.Sums("authzgraph.revision")["default"]);
        Assert.Equal(
            ["/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "/opentelemetry.proto.collector.trace.v1.TraceService/Export"],
            collector.Calls.Select(call => call.Path).Distinct().Order(StringComparer.Ordinal));
        Assert.All(collector.Calls, call => Assert.Equal(("application/grpc", "of-the-collector"), (call.Headers["content-type"], call.Headers["x-api-key"])));
    }

    [Fact]
    public async Task Calls_of_enforcement_points_have_spans_and_durations_like_any()
    {
        await using Collector collector = await Collector.StartAsync();
        await using (ServerHost host = await StartAsync(new TelemetryOptions { Collector = collector.Address, Interval = TimeSpan.FromMilliseconds(200) }))
        {
            using var http = new HttpClient { BaseAddress = host.HttpAddress };
            const string Evaluation = """{"subject":{"type":"user","id":"secret-user"},"action":{"name":"view"},"resource":{"type":"document","id":"secret-doc"}}""";
            await PostAsync(http, "/authzgraph.v1.Schema/Write", $$"""{"text":{{System.Text.Json.JsonSerializer.Serialize(TestServer.Schema)}}}""");
            await PostAsync(http, "/access/v1/evaluation", Evaluation, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            await PostAsync(http, "/access/v1/search/action", "[]");
            await PostAsync(http, "/access/v1/invented", "{}");
            string text = await http.GetStringAsync("/metrics");
            Assert.Contains("authzgraph_call_duration_seconds_count{method=\"access/v1/evaluation\",code=\"Ok\",store=\"default\"} 1\n", text);
            Assert.Contains("authzgraph_call_duration_seconds_count{method=\"access/v1/search/action\",code=\"InvalidArgument\",store=\"default\"} 1\n", text);
            Assert.DoesNotContain("invented", text);
        }
        Message below = Assert.Single(collector.Spans, s => s.Hex(1) == "0af7651916cd43dd8448eb211c80319c");
        Dictionary<string, string> said = Collector.Attributes(below);
        Assert.Equal(("access/v1/evaluation", "b7ad6b7169203331"), (below.Text(5), below.Hex(4)));
        Assert.Equal(("/access/v1/evaluation", "200", "default", "1"),
            (said["http.route"], said["http.response.status_code"], said["authzgraph.store"], said["authzgraph.revision"]));
        Assert.Equal("400", Collector.Attributes(Assert.Single(collector.Spans, s => s.Text(5) == "access/v1/search/action"))["http.response.status_code"]);
        Assert.DoesNotContain(collector.Spans, s => Collector.Attributes(s).Values.Any(value => value.Contains("secret")));
    }

    [Fact]
    public async Task A_server_that_logs_sends_spans_that_nothing_is_above()
    {
        await using Collector collector = await Collector.StartAsync();
        await using (ServerHost host = await StartAsync(new TelemetryOptions { Collector = collector.Address }, logging: logging => logging.AddProvider(new Security.LogLines())))
        {
            using var http = new HttpClient { BaseAddress = host.HttpAddress };
            await PostAsync(http, "/authzgraph.v1.Permissions/Check", Question);
        }
        Assert.Equal("", Assert.Single(collector.Spans).Hex(4));
    }

    [Fact]
    public async Task Both_are_told_of_every_open_store_by_its_name_up_to_the_limit_and_of_none_that_is_closed()
    {
        await using Collector collector = await Collector.StartAsync();
        TelemetryOptions telemetry = new() { Collector = collector.Address, Interval = TimeSpan.FromMilliseconds(200) };
        await using (ServerHost host = await StartAsync(telemetry, Limits.Default with { MetricStores = 3 }))
        {
            using var http = new HttpClient { BaseAddress = host.HttpAddress };
            foreach (string store in (string[])["acme", "bolt", "corp"]) await PostAsync(http, "/authzgraph.v1.Store/Create", $$"""{"name":"{{store}}"}""");
            await WriteAsync(http, "acme", "definition user {}");
            await WriteAsync(http, "bolt", "definition user {}");
            await WriteAsync(http, "bolt", "definition user {}\ndefinition group {}");
            await WriteAsync(http, "corp", "definition user {}");
            string text = await http.GetStringAsync("/metrics");
            Assert.Equal(["acme 1", "bolt 2", "default 0"], Lines(text, "authzgraph_revision"));
            Assert.Equal(["acme 1", "bolt 1", "default 1"], Lines(text, "authzgraph_store_healthy"));
            Assert.Equal(["acme 1", "bolt 2"], Lines(text, "authzgraph_durable_latency_seconds_count"));
            Assert.Contains("\nauthzgraph_stores 4\n", text);
            await PostAsync(http, "/authzgraph.v1.Store/Delete", """{"name":"acme"}""");
            Assert.Equal(["bolt 2", "corp 1", "default 0"], Lines(await http.GetStringAsync("/metrics"), "authzgraph_revision"));
        }
        Dictionary<string, long> revisions = collector.Sums("authzgraph.revision");
        Assert.Equal((2, 1, 0), (revisions["bolt"], revisions["corp"], revisions["default"]));
        Assert.InRange(collector.Sums("authzgraph.stores")[""], 3, 4);

        static Task WriteAsync(HttpClient http, string store, string schema) =>
            PostAsync(http, "/authzgraph.v1.Schema/Write", $$"""{"text":{{System.Text.Json.JsonSerializer.Serialize(schema)}}}""", store: store);

        static IEnumerable<string> Lines(string text, string name) =>
            Regex.Matches(text, $"(?m)^{name}\\{{store=\"([a-z]+)\"\\}} (.*)$").Select(line => $"{line.Groups[1].Value} {line.Groups[2].Value}").Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Prometheus_is_told_calls_by_method_code_and_store_and_invented_methods_are_one()
    {
        await using ServerHost host = await StartAsync(new TelemetryOptions());
        using var http = new HttpClient { BaseAddress = host.HttpAddress };
        for (int i = 0; i < 3; i++) await PostAsync(http, "/authzgraph.v1.Permissions/Check", Question);
        for (int i = 0; i < 4; i++) await PostAsync(http, $"/authzgraph.v1.Permissions/Invented{i}", "{}");
        string text = await http.GetStringAsync("/metrics");
        Assert.Contains("\nauthzgraph_call_duration_seconds_count{method=\"authzgraph.v1.Permissions/Check\",code=\"FailedPrecondition\",store=\"default\"} 3\n", text);
        Assert.Contains("\nauthzgraph_call_duration_seconds_count{method=\"unknown\",code=\"Unimplemented\",store=\"\"} 4\n", text);
        Assert.Equal(2, Regex.Count(text, "(?m)^authzgraph_call_duration_seconds_count"));
    }

    [Fact]
    public async Task Past_its_limit_metrics_tell_no_more_series_apart()
    {
        await using ServerHost host = await StartAsync(new TelemetryOptions(), Limits.Default with { MetricSeries = 1 });
        using var http = new HttpClient { BaseAddress = host.HttpAddress };
        await PostAsync(http, "/authzgraph.v1.Permissions/Check", Question);
        await PostAsync(http, "/authzgraph.v1.Permissions/Expand", "{}");
        await PostAsync(http, "/authzgraph.v1.Schema/Read", "{}");
        Assert.Contains("authzgraph_call_duration_seconds_count{method=\"other\",code=\"other\",store=\"other\"} 2\n", await http.GetStringAsync("/metrics"));
    }

    [Fact]
    public void A_recorded_call_allocates_nothing_once_its_series_is_there()
    {
        using var records = new CallRecords(most: 10);
        for (int i = 0; i < 1_000; i++) records.Count("authzgraph.v1.Permissions/Check", RpcCode.Ok, "default", TimeSpan.FromMilliseconds(i));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++) records.Count("authzgraph.v1.Permissions/Check", RpcCode.Ok, "default", TimeSpan.FromMilliseconds(i));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Task<ServerHost> StartAsync(TelemetryOptions telemetry, Limits? limits = null, Action<ILoggingBuilder>? logging = null) => ServerHost.StartAsync(new ServerOptions
    {
        Logging = logging,
        Storage = new StorageLocation.Memory(), GrpcPort = 0, HttpPort = 0, Telemetry = telemetry, Limits = limits ?? Limits.Default,
    });

    private static async Task PostAsync(HttpClient http, string path, string json, string? traceparent = null, string? store = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") };
        if (traceparent is not null) request.Headers.Add("traceparent", traceparent);
        if (store is not null) request.Headers.Add("authzgraph-store", store);
        using HttpResponseMessage _ = await http.SendAsync(request);
    }
}
