using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Server.AuthZen;
using AuthzGraph.Server.Metrics;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Services;
using AuthzGraph.Server.SpiceDb;
using AuthzGraph.Server.Stores;
using AuthzGraph.Server.Telemetry;
using AuthzGraph.Server.Wire;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AuthzGraph.Server.Hosting;

/// <summary>
/// A server that runs: a graph behind two ports. gRPC needs HTTP/2, and without TLS a port cannot tell
/// HTTP/2 from HTTP/1.1, so JSON has a port of its own; the paths are the same on both.
/// </summary>
public sealed class ServerHost : IAsyncDisposable
{
    // longer than any call should take; what is not done by then is cut off
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(10);

    // over MessageBytes, so that our own sentence about a message's size comes before Kestrel's
    private const int FramingBytes = 1024;

    private readonly WebApplication _app;
    private readonly StoreBook _stores;
    private readonly TestingStores? _testing;
    private readonly Gate _gate;
    private bool _disposed;

    private ServerHost(WebApplication app, StoreBook stores, TestingStores? testing, Gate gate, IReadOnlyList<string> announcement)
    {
        (_app, _stores, _testing, _gate, Announcement) = (app, stores, testing, gate, announcement);
        string[] urls = [.. app.Urls];
        (GrpcAddress, HttpAddress) = (new Uri(urls[0]), new Uri(urls[^1]));
    }

    /// <summary><c>http://127.0.0.1:50051</c>: for gRPC.</summary>
    public Uri GrpcAddress { get; }

    /// <summary><c>http://127.0.0.1:8080</c>: for JSON, /healthz, /readyz and /metrics.</summary>
    public Uri HttpAddress { get; }

    /// <summary>What to tell the person who started it, line by line.</summary>
    public IReadOnlyList<string> Announcement { get; }

    /// <summary>Opens the store, loads the folder if there is one, and listens.</summary>
    /// <exception cref="Graph.Storage.StoreFailedException">The directory is in use, damaged, or of another format.</exception>
    /// <exception cref="RejectionException">What is in the folder to load is not right.</exception>
    /// <exception cref="IOException">A port is taken, or the folder cannot be read.</exception>
    public static async Task<ServerHost> StartAsync(ServerOptions options, CancellationToken cancellation = default)
    {
        StoreLogs log = new();
        GraphOptions graphOptions = new() { Storage = options.Storage, Limits = options.Limits, Time = options.Time };
        StoreBook stores = await StoreBook.OpenAsync(graphOptions, options.Stores.Opening, log, cancellation);
        TestingStores? testing = options.Stores.IsTesting ? new TestingStores(graphOptions, options.Stores.TestingIdle) : null;
        try
        {
            AuthorizationGraph graph = stores.Default.Graph;
            Revision recovered = graph.Snapshot().Revision;
            string loaded = options.LoadFolder is { } folder ? await FolderLoader.LoadAsync(folder, graph, graphOptions, cancellation) : "";
            Gate gate = Gate.Open(options.Security, testing is null ? stores : testing, options.Time);
            WebApplication app = await ListenAsync(options, stores, testing, gate, cancellation);
            gate.Watch(app.Services.GetRequiredService<ILogger<Gate>>());
            log.Begin(app.Services.GetRequiredService<ILogger<StoreLog>>());
            return new ServerHost(app, stores, testing, gate, StartLines.Of(options, recovered, [.. app.Urls], loaded, gate.Announcement, stores));
        }
        catch
        {
            if (testing is not null) await testing.DisposeAsync();
            await stores.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when Ctrl-C or SIGTERM asks the process to stop; then dispose.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation = default)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _app.Lifetime.ApplicationStopping.Register(stopping.SetResult);
        return stopping.Task.WaitAsync(cancellation);
    }

    /// <summary>Takes no new calls, ends endless ones, waits for the others, and closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _gate.DisposeAsync();
        if (_testing is not null) await _testing.DisposeAsync();
        await _stores.DisposeAsync();
    }

    private static async Task<WebApplication> ListenAsync(ServerOptions options, StoreBook stores, TestingStores? testing, Gate gate, CancellationToken cancellation)
    {
        WebApplication app = Build(options, stores, testing, gate);
        try
        {
            await app.StartAsync(cancellation);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            await gate.DisposeAsync();
            throw;
        }
    }

    private static WebApplication Build(ServerOptions options, StoreBook stores, TestingStores? testing, Gate gate)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        options.Logging?.Invoke(builder.Logging);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);   // what it logs, StartAsync throws
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTimeout);
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options, gate));

        WebApplication app = builder.Build();
        CancellationToken draining = app.Lifetime.ApplicationStopping;
        RpcService[] services =
        [
            new PermissionsService(options.Limits).Bind(),
            new RelationshipsService(options.Limits).Bind(),
            new SchemaService(options.Limits).Bind(),
            DelegationsService.Bind(),
            new StoreService(testing is null ? stores : null).Bind(),
            .. SpiceDbInterface.Services(options.Limits),
            .. options.Besides,
        ];
        var health = new HealthService(stores.Default.Graph, services.Select(s => s.Name).ToHashSet(), draining);
        var rpc = new RpcOptions { MessageBytes = options.Limits.MessageBytes, Translate = Statuses.Of, Draining = draining, Clock = options.Time, SlowCall = options.Telemetry.SlowCall };
        var calls = new CallRecords(options.Limits.MetricSeries);
        var exporting = new Exporting(options.Telemetry, options.Limits.MetricSeries);
        RpcService[] described = [.. services, health.Bind()];
        RpcService[] offered = [.. described, .. new ReflectionService(described).Bind()];
        var dispatcher = new RpcDispatcher(rpc, gate.Door, calls, app.Services.GetRequiredService<ILogger<RpcDispatcher>>(), offered);
        var metrics = new MeterReadings(stores.Meter.Meter, options.Limits.MetricSeries);
        app.Lifetime.ApplicationStopped.Register(() =>
        {
            metrics.Dispose();
            exporting.Dispose();
            calls.Dispose();
        });
        var authZen = new AuthZenEndpoints(
            gate.Door, calls, options.Telemetry.SlowCall, options.Limits, options.PublicUrl, app.Services.GetRequiredService<ILogger<AuthZenEndpoints>>());
        app.Run(new FrontDoor(dispatcher, health, metrics, calls, authZen, gate).InvokeAsync);
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, ServerOptions options, Gate gate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.Limits.MessageBytes + FramingBytes;
        gate.Listen(kestrel, options.GrpcPort, options.HttpPort);
    }
}
