using System.Net.Sockets;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Google.Protobuf;

namespace AuthzGraph.Server.Tests.Soak;

/// <summary>
/// One round of all that clients do to a server, well-behaved ones beside others: calls that are reset, readers that don't read, messages that are
/// too large, connections that say half a sentence. All connections are new, and gone at the end.
/// </summary>
internal sealed class SoakLoad(Uri address, Random random)
{
    private const int Documents = 2_000;

    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    /// <summary>Fills the store with what the rounds ask about.</summary>
    public static async Task FillAsync(AuthzGraphClient client)
    {
        await client.WriteSchemaAsync(new() { Text = TestServer.Schema });
        await client.WriteRelationshipsAsync(Words.Touch(TestServer.Tuples));
        await foreach (ImportRelationshipsResponse _ in client.ImportAsync(Enumerable.Range(0, Documents).Select(Owned).ToAsyncEnumerable())) { }
    }

    public async Task RunAsync()
    {
        using var client = new AuthzGraphClient(address, TimeSpan.FromSeconds(30));
        using var raw = new HttpClient { BaseAddress = address, DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        TcpClient[] halfOpen = [.. Enumerable.Range(0, 5).Select(_ => HalfOpen())];
        await Task.WhenAll(
            ChecksAsync(client), ChecksAsync(client), BatchesAsync(client), WritesAsync(client), ResetsAsync(client), AbandonedStreamsAsync(client),
            SlowReadersAsync(raw), OversizeAsync(raw), RefusalsAsync(client));
        foreach (TcpClient connection in halfOpen) connection.Dispose();
    }

    private static async Task ChecksAsync(AuthzGraphClient client)
    {
        for (int i = 0; i < 300; i++)
        {
            CheckResponse answer = await client.CheckAsync(Words.Check(i % 2 == 0 ? "document:readme#view@user:bob" : "document:readme#view@user:eve"));
            Assert.Equal(i % 2 == 0 ? Outcome.Permitted : Outcome.Denied, answer.Decision.Outcome);
        }
    }

    private static async Task BatchesAsync(AuthzGraphClient client)
    {
        var request = new CheckBatchRequest { Items = { Enumerable.Range(0, 600).Select(i => Item(i)) } };
        for (int i = 0; i < 20; i++)
        {
            CheckBatchResponse answer = await client.CheckBatchAsync(request);
            Assert.All(answer.Results, result => Assert.Equal(Outcome.Permitted, result.Decision.Outcome));
        }
    }

    private static async Task WritesAsync(AuthzGraphClient client)
    {
        for (int i = 0; i < 20; i++)
        {
            await client.WriteRelationshipsAsync(Words.Touch($"document:soaked#viewer@user:reader-{i}"));
            await client.WriteRelationshipsAsync(Words.Delete($"document:soaked#viewer@user:reader-{i}"));
        }
    }

    private async Task ResetsAsync(AuthzGraphClient client)
    {
        for (int i = 0; i < 100; i++)
        {
            using var cancel = new CancellationTokenSource();
            Task check = client.CheckBatchAsync(new CheckBatchRequest { Items = { Enumerable.Range(0, 300).Select(Item) } }, cancel.Token);
            if (random.Next(2) == 0) await Task.Yield();
            await cancel.CancelAsync();
            await check.ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private static async Task AbandonedStreamsAsync(AuthzGraphClient client)
    {
        for (int i = 0; i < 10; i++)
        {
            await foreach (ReadRelationshipsResponse _ in client.ReadRelationshipsAsync(new() { Filter = new() { ResourceType = "document" } })) break;
            await foreach (WatchDecisionResponse _ in client.WatchDecisionAsync(new() { Items = { Item(i) } })) break;
            await foreach (LookupResourcesResponse _ in client.LookupResourcesAsync(new() { ResourceType = "document", Permission = "view", Subject = Words.Subject("user:owner") })) break;
        }
    }

    /// <summary>They take the first bytes of a long answer, leave the rest where it is, and go.</summary>
    private static async Task SlowReadersAsync(HttpClient raw)
    {
        byte[] body = RawGrpc.Frame(new ReadRelationshipsRequest { Filter = new RelationshipFilter { ResourceType = "document" } });
        for (int i = 0; i < 5; i++)
        {
            using HttpRequestMessage request = Post("/authzgraph.v1.Relationships/Read", body);
            using HttpResponseMessage response = await raw.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await using Stream stream = await response.Content.ReadAsStreamAsync();
            await stream.ReadExactlyAsync(new byte[100]);
            await Task.Delay(20);
        }
    }

    private static async Task OversizeAsync(HttpClient raw)
    {
        byte[] frame = RawGrpc.Frame(new byte[9_000_000]);
        for (int i = 0; i < 3; i++)
        {
            RawGrpc.Answer promised = await RawGrpc.PostAsync(raw, new ByteArrayContent([0, 0x7F, 0xFF, 0xFF, 0xFF]), RawGrpc.CheckPath, "application/grpc");
            Assert.True(promised.Code == RpcCode.ResourceExhausted, promised.Message);
            RawGrpc.Answer sent = await RawGrpc.PostAsync(raw, new ByteArrayContent(frame), RawGrpc.CheckPath, "application/grpc");
            Assert.True(sent.Code == RpcCode.ResourceExhausted, sent.Message);
        }
    }

    private static async Task RefusalsAsync(AuthzGraphClient client)
    {
        for (int i = 0; i < 50; i++) await Words.Fails(RpcCode.FailedPrecondition, "UNKNOWN_TYPE", client.CheckAsync(Words.Check($"thing{i}:x#view@user:ann")));
    }

    /// <summary>The preface, and a frame of headers that ends too early.</summary>
    private TcpClient HalfOpen()
    {
        var connection = new TcpClient(address.Host, address.Port) { LingerState = new LingerOption(random.Next(2) == 0, 0) };
        connection.GetStream().Write([.. Preface, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 100, 1, 4, 0, 0, 0, 1, 0x83]);
        return connection;
    }

    private static HttpRequestMessage Post(string path, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body), Version = new Version(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        return request;
    }

    private static CheckBatchItem Item(int i) =>
        new() { Resource = new() { Type = "document", Id = $"soak-{i % Documents}" }, Permission = "view", Subject = new() { Object = new() { Type = "user", Id = "owner" } } };

    private static Relationship Owned(int i) => new()
    {
        Resource = new() { Type = "document", Id = $"soak-{i}" }, Relation = "owner", Subject = new() { Object = new() { Type = "user", Id = "owner" } },
    };
}
