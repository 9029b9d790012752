using System.Text;
using AuthzGraph.Client;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Server.Hosting;
using AuthzGraph.Server.Stores;

namespace AuthzGraph.Server.Tests.Stores;

/// <summary>A server with clients for each of its stores, or for each token.</summary>
internal sealed class StoreServer : IAsyncDisposable
{
    private readonly Dictionary<AuthzGraphClientOptions, AuthzGraphClient> _clients = [];
    private readonly HttpClient _http;

    private StoreServer(ServerHost host) => (Host, _http) = (host, new HttpClient { BaseAddress = host.HttpAddress });

    public ServerHost Host { get; }

    /// <summary>Chooses no store.</summary>
    public AuthzGraphClient Default => Client(new AuthzGraphClientOptions());

    public static async Task<StoreServer> StartAsync(string? data, Limits? limits = null, StoreOptions? stores = null, TimeProvider? time = null) =>
        new(await ServerHost.StartAsync(new ServerOptions
        {
            Storage = data is null ? new StorageLocation.Memory() : new StorageLocation.Directory(data),
            GrpcPort = 0,
            HttpPort = 0,
            Limits = limits ?? Limits.Default,
            Stores = stores ?? new StoreOptions(),
            Time = time ?? TimeProvider.System,
        }));

    public AuthzGraphClient Of(string store) => Client(new AuthzGraphClientOptions { Store = store });

    public AuthzGraphClient OfToken(string token) => Client(new AuthzGraphClientOptions { Token = token });

    public async Task<(int Status, string Body)> PostAsync(string path, string json, string store)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Add("authzgraph-store", store);
        using HttpResponseMessage response = await _http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (AuthzGraphClient client in _clients.Values) client.Dispose();
        _http.Dispose();
        await Host.DisposeAsync();
    }

    private AuthzGraphClient Client(AuthzGraphClientOptions options)
    {
        options = options with { Deadline = TimeSpan.FromSeconds(60) };
        return _clients.TryGetValue(options, out AuthzGraphClient? client) ? client : _clients[options] = new AuthzGraphClient(Host.GrpcAddress, options);
    }
}
