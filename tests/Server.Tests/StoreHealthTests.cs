using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using AuthzGraph.Client;
using AuthzGraph.Graph;
using AuthzGraph.Protocol.GrpcHealth;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Hosting;
using Microsoft.Extensions.Logging;
using Status = AuthzGraph.Protocol.GrpcHealth.HealthCheckResponse.Types.ServingStatus;

namespace AuthzGraph.Server.Tests;

/// <summary>What a server says of its store: in health checks, in metrics, in its log.</summary>
public sealed class StoreHealthTests
{
    private static readonly string Long = new('x', 900);

    private readonly LogLines _log = new();

    [Fact]
    public async Task A_store_that_fails_is_told_at_once_everywhere_with_its_reason_and_goes_on_serving_reads()
    {
        using var data = new TemporaryDirectory();
        Directory.CreateDirectory(Path.Combine(data.Path, "log.1"));      // in the way of the second segment
        await using ServerHost host = await StartAsync(data.Path);
        using var client = new AuthzGraphClient(host.GrpcAddress, TimeSpan.FromSeconds(30));
        using var http = new HttpClient { BaseAddress = host.HttpAddress };
        await client.WriteSchemaAsync(new() { Text = TestServer.Schema });
        await using IAsyncEnumerator<HealthCheckResponse> watch = client.WatchHealthAsync(new()).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(Status.Serving, watch.Current.Status);
        Assert.Equal((200, "ready\n"), await GetAsync(http, "/readyz"));
        Assert.Contains("\nauthzgraph_store_healthy{store=\"default\"} 1\n", (await GetAsync(http, "/metrics")).Body);

        Task<bool> turned = watch.MoveNextAsync().AsTask();
        AuthzGraphException refusal = await FillAsync(client);
        long failed = Stopwatch.GetTimestamp();
        Assert.True(await turned.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Equal(Status.NotServing, watch.Current.Status);
        Assert.InRange(Stopwatch.GetElapsedTime(failed).TotalMilliseconds, 0, 500);
        Assert.Contains(refusal.Reason, (string[])["OUTCOME_UNKNOWN", "STORE_FAILED"]);

        (int status, string body) = await GetAsync(http, "/readyz");
        Assert.Equal(503, status);
        Assert.StartsWith("not ready: the store takes no more writes until it is restarted: the log stopped: ", body);
        Assert.Contains("log.1", body);
        Assert.Equal((200, "alive\n"), await GetAsync(http, "/healthz"));
        Assert.Contains("\nauthzgraph_store_healthy{store=\"default\"} 0\n", (await GetAsync(http, "/metrics")).Body);
        Assert.Equal("STORE_FAILED", (await Words.Fails(client.WriteRelationshipsAsync(Words.Create("document:more#owner@user:ann")))).Reason);
        Assert.Equal(Protocol.V1.Outcome.Permitted, (await client.CheckAsync(Words.Check($"document:{Long}-0-0#owner@user:ann"))).Decision.Outcome);
        await UntilAsync(() => !_log.Lines.IsEmpty);
        string line = Assert.Single(_log.Lines);
        Assert.StartsWith("Critical the store takes no more writes until the server is restarted, and reads go on: the log stopped: ", line);
    }

    [Fact]
    public async Task A_checkpoint_that_cannot_be_taken_is_in_the_log_and_in_the_metrics_and_stops_nothing()
    {
        using var data = new TemporaryDirectory();
        await using ServerHost host = await StartAsync(data.Path);
        using var client = new AuthzGraphClient(host.GrpcAddress, TimeSpan.FromSeconds(30));
        using var http = new HttpClient { BaseAddress = host.HttpAddress };
        await client.WriteSchemaAsync(new() { Text = TestServer.Schema });
        DirectoryInfo inTheWay = Directory.CreateDirectory(Path.Combine(data.Path, "checkpoint.1.new"));
        Assert.Equal(RpcCode.Unavailable, (await Words.Fails(client.CheckpointStoreAsync(new()))).Code);
        Assert.Contains("\nauthzgraph_checkpoint_failures_total{store=\"default\"} 1\n", (await GetAsync(http, "/metrics")).Body);
        Assert.Contains(_log.Lines, line => line.StartsWith("Error a checkpoint could not be taken: ", StringComparison.Ordinal) && line.EndsWith("the store goes on from the one before; it is tried again", StringComparison.Ordinal));
        Assert.Equal((200, "ready\n"), await GetAsync(http, "/readyz"));

        inTheWay.Delete();
        await client.WriteRelationshipsAsync(Words.Create("document:more#owner@user:ann"));
        Assert.Equal(2ul, (await client.CheckpointStoreAsync(new())).Revision);
        Assert.Contains("\nauthzgraph_checkpoint_revision{store=\"default\"} 2\n", (await GetAsync(http, "/metrics")).Body);
    }

    [Fact]
    public async Task Metrics_count_what_happens_in_the_form_that_Prometheus_reads()
    {
        using var data = new TemporaryDirectory();
        await using ServerHost host = await StartAsync(data.Path);
        await using ServerHost other = await ServerHost.StartAsync(new ServerOptions { Storage = new StorageLocation.Memory(), GrpcPort = 0, HttpPort = 0 });
        using var client = new AuthzGraphClient(host.GrpcAddress, TimeSpan.FromSeconds(30));
        using var http = new HttpClient { BaseAddress = host.HttpAddress };
        await client.WriteSchemaAsync(new() { Text = TestServer.Schema });
        for (int i = 0; i < 5; i++) await client.WriteRelationshipsAsync(Words.Create($"document:d{i}#owner@user:ann"));
        await using IAsyncEnumerator<Protocol.V1.WatchRelationshipsResponse> watch = client.WatchRelationshipsAsync(new()).GetAsyncEnumerator();
        ValueTask<bool> told = watch.MoveNextAsync();
        await UntilAsync(async () => (await ReadAsync(http))["authzgraph_watchers{store=\"default\"}"] == 1);

        Dictionary<string, double> read = await ReadAsync(http);
        Assert.Equal((6, 6, 5, 1, 0), (read["authzgraph_transactions_total{store=\"default\"}"], read["authzgraph_revision{store=\"default\"}"], read["authzgraph_tuples{store=\"default\"}"], read["authzgraph_store_healthy{store=\"default\"}"], read["authzgraph_checkpoint_age_seconds{store=\"default\"}"]));
        Assert.Equal((6, 6), (read["authzgraph_durable_latency_seconds_count{store=\"default\"}"], read["authzgraph_durable_latency_seconds_bucket{store=\"default\",le=\"+Inf\"}"]));
        Assert.InRange(read["authzgraph_durable_latency_seconds_sum{store=\"default\"}"], 0.00001, 60);
        Assert.InRange(read["authzgraph_commits_total{store=\"default\"}"], 6, 20);
        Assert.InRange(read["authzgraph_log_size_bytes{store=\"default\"}"], 300, 10_000);
        Assert.InRange(read["authzgraph_index_size_bytes{store=\"default\"}"], 1, 1L << 30);
        double[] buckets = [.. read.Where(line => line.Key.StartsWith("authzgraph_durable_latency_seconds_bucket{", StringComparison.Ordinal) && !line.Key.Contains("+Inf", StringComparison.Ordinal)).Select(line => line.Value)];
        Assert.Equal(buckets.Order(), buckets);
        using var ofOther = new HttpClient { BaseAddress = other.HttpAddress };
        Assert.Equal((0, 0), ((await ReadAsync(ofOther))["authzgraph_transactions_total{store=\"default\"}"], (await ReadAsync(ofOther))["authzgraph_tuples{store=\"default\"}"]));

        await client.WriteRelationshipsAsync(Words.Create("document:last#owner@user:ann"));
        Assert.True(await told);
        await watch.DisposeAsync();
        await UntilAsync(async () => (await ReadAsync(http))["authzgraph_watchers{store=\"default\"}"] == 0);
    }

    private Task<ServerHost> StartAsync(string directory) => ServerHost.StartAsync(new ServerOptions
    {
        Storage = new StorageLocation.Directory(directory),
        GrpcPort = 0,
        HttpPort = 0,
        Logging = logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(_log),
    });

    /// <summary>Writes until one is refused.</summary>
    private static async Task<AuthzGraphException> FillAsync(AuthzGraphClient client)
    {
        try
        {
            for (int i = 0; i < 100; i++) await client.WriteRelationshipsAsync(Words.Create([.. Enumerable.Range(0, 1_000).Select(t => $"document:{Long}-{i}-{t}#owner@user:ann")]));
        }
        catch (AuthzGraphException refusal)
        {
            return refusal;
        }
        throw new InvalidOperationException("nothing was refused");
    }

    private static async Task<(int Status, string Body)> GetAsync(HttpClient http, string path)
    {
        using HttpResponseMessage response = await http.GetAsync(path);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Every sample; the lines around them are as the format wants them.</summary>
    private static async Task<Dictionary<string, double>> ReadAsync(HttpClient http)
    {
        using HttpResponseMessage response = await http.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Dictionary<string, double> read = [];
        foreach (string line in (await response.Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n'))
        {
            if (Regex.IsMatch(line, @"^# (HELP [a-z_]+ .+|TYPE [a-z_]+ (counter|gauge|histogram))$")) continue;
            Match sample = Regex.Match(line, @"^([a-z_]+(?:\{[a-z]+=""[^""]*""(?:,[a-z]+=""[^""]*"")*\})?) ([0-9.E+-]+)$");
            Assert.True(sample.Success, line);
            read.Add(sample.Groups[1].Value, double.Parse(sample.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture));
        }
        return read;
    }

    private static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (int i = 0; !await holds(); i++)
        {
            Assert.True(i < 200, "it does not come to that");
            await Task.Delay(25);
        }
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{logLevel} {formatter(state, exception)}");

        public void Dispose() { }
    }
}
