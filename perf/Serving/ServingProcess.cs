using System.Diagnostics;
using System.Globalization;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Server.Security.Credentials;

namespace AuthzGraph.Perf.Serving;

/// <summary>What a server's process has used since it began.</summary>
internal readonly record struct ServerUse(TimeSpan Cpu, long AllocatedBytes);

/// <summary>A server in a process of its own that lets nobody in without a key, filled with the sample.</summary>
internal sealed class ServingProcess : IDisposable
{
    private readonly Process _process;

    private ServingProcess(Process process, string key, Uri grpc, Uri http)
    {
        (_process, Key, Grpc, Http) = (process, key, grpc, http);
        Client = new AuthzGraphClient(grpc, new AuthzGraphClientOptions { Token = key });
    }

    public string Key { get; }

    public Uri Grpc { get; }

    public Uri Http { get; }

    public AuthzGraphClient Client { get; }

    /// <param name="folder">Where its files are put.</param>
    /// <param name="isDurable">Whether its store is there too, rather than in memory.</param>
    public static async Task<ServingProcess> StartAsync(string folder, bool isDurable)
    {
        (string key, string hash) = ApiKey.Create();
        string credentials = Path.Combine(folder, "credentials.yaml");
        await File.WriteAllTextAsync(credentials, $"credentials:\n  - name: perf\n    keys: [{hash}]\n    rights: [check, read, write, authority, schema]\n");
        ServingProcess server = Connect(Launch(credentials, isDurable ? Path.Combine(folder, "store") : ""), key);
        try
        {
            await server.Client.WriteSchemaAsync(new WriteSchemaRequest { Text = ServingSample.Schema });
            await foreach (ImportRelationshipsResponse _ in server.Client.ImportAsync(ServingSample.Relationships.ToAsyncEnumerable())) { }
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public ServerUse Used()
    {
        _process.StandardInput.WriteLine();
        long[] said = [.. Line(_process).Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
        return new ServerUse(TimeSpan.FromTicks(said[0]), said[1]);
    }

    public void Dispose()
    {
        Client.Dispose();
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(20))) _process.Kill();
        _process.Dispose();
    }

    private static ServingProcess Connect(Process process, string key)
    {
        string[] addresses = Line(process).Split(' ');
        return new ServingProcess(process, key, new Uri(addresses[0]), new Uri(addresses[1]));
    }

    private static string Line(Process process) => process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the server under measurement ended");

    private static Process Launch(string credentials, string store)
    {
        ProcessStartInfo start = PerfProcess.With(ServingHost.Argument, credentials, store);
        start.RedirectStandardInput = true;
        start.Environment["DOTNET_gcServer"] = "1";      // as the server's own program has it
        return Process.Start(start) ?? throw new InvalidOperationException("no process");
    }
}
