using System.Net;
using System.Text;
using AuthzGraph.Client;
using AuthzGraph.Graph;
using AuthzGraph.Server.Hosting;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Security.Credentials;
using Microsoft.Extensions.Logging;

namespace AuthzGraph.Server.Tests.Security;

/// <summary>A server that lets in whom a credentials file names. <c>{ann}</c> in the file is the hash of a key that the test knows as <c>ann</c>.</summary>
internal sealed class SecuredServer : IAsyncDisposable
{
    /// <summary>An administrator, who fills the store.</summary>
    public const string Root = "root";

    private const string RootEntry =
        """
        credentials:
          - name: root
            keys: [{root}]
            rights: [check, audit, simulate, read, write, authority, schema, export, admin]

        """;

    private readonly TemporaryDirectory _folder;
    private readonly List<IDisposable> _clients = [];
    private readonly Dictionary<string, (string Key, string Sha256)> _keys;

    private SecuredServer(ServerHost host, TemporaryDirectory folder, Dictionary<string, (string, string)> keys, LogLines log)
    {
        (Host, _folder, _keys, Log) = (host, folder, keys, log);
        Http = Kept(new HttpClient { BaseAddress = host.HttpAddress });
        Http2 = Kept(new HttpClient { BaseAddress = host.GrpcAddress, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact });
    }

    public ServerHost Host { get; }

    /// <summary>HTTP/1.1, for JSON.</summary>
    public HttpClient Http { get; }

    /// <summary>HTTP/2, for gRPC by hand.</summary>
    public HttpClient Http2 { get; }

    /// <summary>Everything that was logged, the framework's own lines too.</summary>
    public LogLines Log { get; }

    public string File => Path.Combine(_folder.Path, "credentials.yaml");

    public string Folder => _folder.Path;

    /// <param name="credentials">More entries of the list, each begun with <c>  - </c>; then, perhaps, <c>issuers:</c>.</param>
    /// <param name="prepare">Puts other files into the folder first.</param>
    public static async Task<SecuredServer> StartAsync(string credentials = "", TimeProvider? time = null, Action<string>? prepare = null, Func<SecurityOptions, SecurityOptions>? also = null)
    {
        TemporaryDirectory folder = new();
        prepare?.Invoke(folder.Path);
        Dictionary<string, (string, string)> keys = [];
        string file = Path.Combine(folder.Path, "credentials.yaml");
        await System.IO.File.WriteAllTextAsync(file, Fill(RootEntry + credentials, keys));
        LogLines log = new();
        SecurityOptions security = new() { CredentialsFile = file, ReloadEvery = TimeSpan.FromMilliseconds(20) };
        ServerHost host = await ServerHost.StartAsync(new ServerOptions
        {
            Storage = new StorageLocation.Memory(),
            GrpcPort = 0,
            HttpPort = 0,
            Time = time ?? TimeProvider.System,
            Security = also is null ? security : also(security),
            Logging = logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log),
        });
        return new SecuredServer(host, folder, keys, log);
    }

    public static async Task<SecuredServer> StartFilledAsync(string credentials = "", TimeProvider? time = null, Func<SecurityOptions, SecurityOptions>? also = null)
    {
        SecuredServer server = await StartAsync(credentials, time, also: also);
        AuthzGraphClient root = server.As(Root);
        await root.WriteSchemaAsync(new() { Text = TestServer.Schema });
        await root.WriteRelationshipsAsync(Words.Touch(TestServer.Tuples));
        return server;
    }

    public string Key(string name) => _keys[name].Key;

    /// <summary>A client that shows the key of that name.</summary>
    public AuthzGraphClient As(string name) => With(Key(name));

    public AuthzGraphClient With(string? token) =>
        Kept(new AuthzGraphClient(Host.GrpcAddress, new AuthzGraphClientOptions { Deadline = TimeSpan.FromSeconds(30), Token = token }));

    /// <summary>Posts JSON as curl would, with a key's name or none.</summary>
    public async Task<(int Status, string Body)> PostAsync(string path, string json, string? name = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (name is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Key(name)}");
        using HttpResponseMessage response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Changes the file while the server runs, and waits until it has noticed.</summary>
    public async Task ChangeAsync(string credentials, string notice = "was read again")
    {
        int seen = Log.Count(notice);
        await ReplaceAsync(credentials);
        await Log.WaitAsync(notice, seen);
    }

    /// <summary>Changes the file while the server runs.</summary>
    public async Task ReplaceAsync(string credentials)
    {
        string written = File + ".new";
        await System.IO.File.WriteAllTextAsync(written, Fill(RootEntry + credentials, _keys));
        System.IO.File.Move(written, File, overwrite: true);     // at once, so that no half of it is read
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposable client in _clients) client.Dispose();
        await Host.DisposeAsync();
        _folder.Dispose();
    }

    public T Kept<T>(T client) where T : IDisposable
    {
        _clients.Add(client);
        return client;
    }

    private static string Fill(string text, Dictionary<string, (string Key, string Sha256)> keys) =>
        System.Text.RegularExpressions.Regex.Replace(text, @"keys: (.*)", line => System.Text.RegularExpressions.Regex.Replace(line.Value, @"\{(\w+)\}", name =>
        {
            if (!keys.TryGetValue(name.Groups[1].Value, out (string Key, string Sha256) made)) keys[name.Groups[1].Value] = made = ApiKey.Create();
            return made.Sha256;
        }));
}
