using System.Globalization;
using AuthzGraph.Graph;
using AuthzGraph.Server.Hosting;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Perf.Serving;

/// <summary>
/// The server's side of a measurement, in a process of its own: a server whose only addition is an empty call behind the same door. It says where it
/// listens, then what it has used whenever it is asked, and ends with its input.
/// </summary>
internal static class ServingHost
{
    public const string Argument = "serving-host";

    /// <param name="storage">A folder for the store; empty: in memory.</param>
    public static async Task RunAsync(string credentials, string storage)
    {
        await using ServerHost server = await ServerHost.StartAsync(new ServerOptions
        {
            Storage = storage.Length == 0 ? new StorageLocation.Memory() : new StorageLocation.Directory(storage),
            GrpcPort = 0,
            HttpPort = 0,
            Security = new SecurityOptions { CredentialsFile = credentials },
            Besides = [Empty()],
        });
        Console.WriteLine($"{server.GrpcAddress} {server.HttpAddress}");
        while (await Console.In.ReadLineAsync() is not null) Console.WriteLine(Used());
    }

    private static RpcService Empty() =>
        new RpcService(EmptyReflection.Descriptor.Services[0]).Unary<Google.Protobuf.WellKnownTypes.Empty, Google.Protobuf.WellKnownTypes.Empty>("Call", Rights.Check, (empty, _) => new(empty));

    private static string Used() => string.Create(CultureInfo.InvariantCulture,
        $"{Environment.CpuUsage.TotalTime.Ticks} {GC.GetTotalAllocatedBytes(precise: true)}");
}
