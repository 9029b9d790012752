using AuthzGraph.Graph;
using AuthzGraph.Server.Hosting;

namespace AuthzGraph.Cli.Tests.Store;

/// <summary>A server of a store in memory.</summary>
internal sealed class MemoryServer(ServerHost host) : IAsyncDisposable
{
    public string Address => host.GrpcAddress.ToString();

    public static async Task<MemoryServer> StartAsync() =>
        new(await ServerHost.StartAsync(new ServerOptions { Storage = new StorageLocation.Memory(), GrpcPort = 0, HttpPort = 0 }));

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
