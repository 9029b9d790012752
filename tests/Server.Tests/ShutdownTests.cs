using System.Diagnostics;
using AuthzGraph.Protocol.GrpcHealth;
using AuthzGraph.Rpc;
using Status = AuthzGraph.Protocol.GrpcHealth.HealthCheckResponse.Types.ServingStatus;

namespace AuthzGraph.Server.Tests;

public sealed class ShutdownTests
{
    [Theory]
    [InlineData("")]
    [InlineData("authzgraph.v1.Permissions")]
    [InlineData("authzgraph.v1.Relationships")]
    [InlineData("authzgraph.v1.Schema")]
    public async Task A_service_that_is_there_is_serving(string service)
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal(Status.Serving, (await server.Client.HealthAsync(new() { Service = service })).Status);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_not_found_and_watched_as_unknown()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal(RpcCode.NotFound, (await Words.Fails(server.Client.HealthAsync(new() { Service = "nothing" }))).Code);
        await foreach (HealthCheckResponse state in server.Client.WatchHealthAsync(new() { Service = "nothing" }))
        {
            Assert.Equal(Status.ServiceUnknown, state.Status);
            break;
        }
    }

    // An endless stream must not hold the server up until the drain timeout cuts it off.
    [Fact]
    public async Task A_watched_server_stops_at_once_and_the_watcher_learns_it()
    {
        TestServer server = await TestServer.StartAsync();
        await using IAsyncEnumerator<HealthCheckResponse> watch = server.Client.WatchHealthAsync(new()).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(Status.Serving, watch.Current.Status);

        long start = Stopwatch.GetTimestamp();
        Task stopping = server.Host.DisposeAsync().AsTask();
        Assert.Equal(RpcCode.Unavailable, (await Words.Fails(watch.MoveNextAsync().AsTask())).Code);
        await stopping;
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 8);
        await server.DisposeAsync();
    }
}
