using System.Text.Json;
using AuthzGraph.Graph;
using AuthzGraph.Server.Hosting;

namespace AuthzGraph.Cli.Tests.Store;

/// <summary>A store in a folder of its own, with a server that can be stopped and started, and the command to run against either.</summary>
internal sealed class ServedStore : IAsyncDisposable
{
    public const string Schema = "use expiration\ncaveat office(place string, offices list<string>) { place in offices }\n" +
        "definition user {}\ndefinition document { relation viewer: user | user with office | user with expiration }\n";

    private readonly Folder _folder = new();
    private ServerHost? _host;

    public string Data => PathOf("data");

    public string PathOf(string name) => _folder.PathOf(name);

    public string File(string name, string text) => _folder.File(name, text);

    /// <summary>With a schema and <paramref name="writes"/> writes of one relationship each behind it.</summary>
    public static async Task<ServedStore> StartAsync(int writes = 0)
    {
        ServedStore store = new();
        await store.ServeAsync();
        await store.OkAsync("schema", "write", store.File("schema.authz", Schema));
        for (int i = 0; i < writes; i++) await store.WriteAsync(i);
        return store;
    }

    public async Task ServeAsync(string? directory = null)
    {
        Assert.Null(_host);
        _host = await ServerHost.StartAsync(new ServerOptions { Storage = new StorageLocation.Directory(directory ?? Data), GrpcPort = 0, HttpPort = 0 });
    }

    public async Task StopAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        _host = null;
    }

    /// <summary>Writes one relationship; the token of it.</summary>
    public async Task<string> WriteAsync(int number) => TokenOf(await OkAsync("relationship", "write", $"document:d{number}#viewer@user:ann", "--json"));

    public static string TokenOf(Run run) => JsonDocument.Parse(run.Output).RootElement.GetProperty("token").GetString() ?? "";

    public Task<Run> RunAsync(params string[] args) => Run.OfAsync([.. args, .. _host is null ? (string[])[] : ["--server", _host.GrpcAddress.ToString()]]);

    public async Task<Run> OkAsync(params string[] args)
    {
        Run run = await RunAsync(args);
        Assert.True(run.Exit == 0, $"{string.Join(' ', args)} exits with {run.Exit}: {run.Error}{run.Output}");
        return run;
    }

    /// <summary>Every relationship of the store that is served.</summary>
    public async Task<string[]> ExportAsync() => (await OkAsync("relationship", "export")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }
}
