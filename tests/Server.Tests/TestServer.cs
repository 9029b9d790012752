using System.Net;
using System.Text;
using AuthzGraph.Client;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Server.Hosting;
using AuthzGraph.Server.Stores;

namespace AuthzGraph.Server.Tests;

/// <summary>A real server on free ports, with a schema and a few tuples, and clients of it.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Schema =
        """
        use expiration
        use delegation

        definition user {
            principal human
            relation suspended_by: user
        }

        definition agent {
            principal agent
            relation sponsor: user
            relation suspended_by: user
        }

        definition group {
            relation member: user | group#member
        }

        definition grant {
            delegation
            relation delegator: user | agent
            relation delegate: agent with expiration
            relation parent: grant
            relation onward: agent
            relation revoked_by: user
            relation view: document
        }

        definition document {
            relation owner: user
            relation viewer: user | user:* | group#member | user with expiration
            permission view = viewer + owner
            permission edit = owner
            delegable view
        }
        """;

    public static readonly string[] Tuples =
    [
        "document:readme#owner@user:ann",
        "document:readme#viewer@group:eng#member",
        "group:eng#member@user:bob",
        "agent:bot#sponsor@user:ann",
        "agent:sub#sponsor@user:ann",
        "grant:g1#delegator@user:ann",
        "grant:g1#delegate@agent:bot[expiration:2999-01-01T00:00:00Z]",
        "grant:g1#onward@agent:sub",
        "grant:g1#view@document:readme",
    ];

    private readonly ServerHost _host;

    private TestServer(ServerHost host)
    {
        _host = host;
        Client = new AuthzGraphClient(host.GrpcAddress, TimeSpan.FromSeconds(30));
        Http = new HttpClient { BaseAddress = host.HttpAddress };
        Http2 = new HttpClient
        {
            BaseAddress = host.GrpcAddress,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    public AuthzGraphClient Client { get; }

    /// <summary>HTTP/1.1, for JSON.</summary>
    public HttpClient Http { get; }

    /// <summary>HTTP/2, for gRPC by hand.</summary>
    public HttpClient Http2 { get; }

    public ServerHost Host => _host;

    public static async Task<TestServer> StartAsync(Limits? limits = null, StorageLocation? storage = null, string? load = null, Uri? publicUrl = null, StoreOptions? stores = null) =>
        new(await ServerHost.StartAsync(new ServerOptions
        {
            Storage = storage ?? new StorageLocation.Memory(),
            GrpcPort = 0,
            HttpPort = 0,
            LoadFolder = load,
            PublicUrl = publicUrl,
            Stores = stores ?? new StoreOptions(),
            Limits = limits ?? Limits.Default,
        }));

    public static async Task<TestServer> StartFilledAsync(Limits? limits = null)
    {
        TestServer server = await StartAsync(limits);
        await server.Client.WriteSchemaAsync(new() { Text = Schema });
        await server.Client.WriteRelationshipsAsync(Words.Touch(Tuples));
        return server;
    }

    /// <summary>Posts JSON as curl would.</summary>
    public async Task<(int Status, string Body)> PostAsync(string path, string json, string mediaType = "application/json")
    {
        using var content = new StringContent(json, Encoding.UTF8, mediaType);
        using HttpResponseMessage response = await Http.PostAsync(path, content);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Http.Dispose();
        Http2.Dispose();
        await _host.DisposeAsync();
    }
}
