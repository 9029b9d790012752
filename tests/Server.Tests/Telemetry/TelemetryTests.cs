using System.Text.RegularExpressions;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Hosting;
using AuthzGraph.Server.Telemetry;

namespace AuthzGraph.Server.Tests.Telemetry;

/// <summary>What a collector and Prometheus are told of calls. A collector is told of every server in the process, so there is one only.</summary>
[Collection(nameof(Stores.Alone))]
public sealed class TelemetryTests
{
    private const string Question = """{"resource":{"type":"document","id":"secret-doc"},"permission":"view","subject":{"object":{"type":"user","id":"secret-user"}}}""";

    [Fact]
    public async Task A_collector_gets_a_span_and_the_duration_of_every_call_below_the_callers_own_span_and_no_names()
    {
        await using var collector = new Collector();
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
        Assert.Contains(collector.Metrics, m => m.Text(1) == "authzgraph.revision");
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
        for (int i = 0; i < 1_000; i++) records.End(null, "authzgraph.v1.Permissions/Check", RpcCode.Ok, "default", TimeSpan.FromMilliseconds(i));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++) records.End(null, "authzgraph.v1.Permissions/Check", RpcCode.Ok, "default", TimeSpan.FromMilliseconds(i));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Task<ServerHost> StartAsync(TelemetryOptions telemetry, Limits? limits = null) => ServerHost.StartAsync(new ServerOptions
    {
        Storage = new StorageLocation.Memory(), GrpcPort = 0, HttpPort = 0, Telemetry = telemetry, Limits = limits ?? Limits.Default,
    });

    private static async Task PostAsync(HttpClient http, string path, string json, string? traceparent = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") };
        if (traceparent is not null) request.Headers.Add("traceparent", traceparent);
        using HttpResponseMessage _ = await http.SendAsync(request);
    }
}
