using System.Diagnostics;
using System.Net;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Google.Protobuf;
using static AuthzGraph.Server.Tests.RawGrpc;

namespace AuthzGraph.Server.Tests;

public sealed class DeadlineTests : IAsyncLifetime
{
    private static readonly byte[] Question = Frame(Words.Check("document:readme#view@user:ann"));

    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartFilledAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_deadline_that_has_passed_ends_the_call()
    {
        Answer answer = await PostAsync(_server, Question, headers: ("grpc-timeout", "1n"));
        Assert.Equal(RpcCode.DeadlineExceeded, answer.Code);
    }

    [Fact]
    public async Task A_write_after_its_deadline_is_not_done()
    {
        byte[] write = Frame(Words.Touch("document:late#owner@user:ann"));
        Assert.Equal(RpcCode.DeadlineExceeded, (await PostAsync(_server, write, "/authzgraph.v1.Relationships/Write", headers: ("grpc-timeout", "1n"))).Code);
        Assert.Empty(await _server.Client.ReadAll(new() { Filter = new() { ResourceType = "document", ResourceId = "late" } }));
    }

    [Theory]
    [InlineData("99999999H")]
    [InlineData("10S")]
    [InlineData("nonsense")]
    public async Task A_deadline_far_off_or_unreadable_does_no_harm(string timeout) =>
        Assert.Equal(RpcCode.Ok, (await PostAsync(_server, Question, headers: ("grpc-timeout", timeout))).Code);

    // Without the deadline the call would hang until Kestrel's rate limit closed the whole connection with its other calls.
    [Fact]
    public async Task A_client_that_stalls_within_its_message_gets_its_deadline_and_keeps_its_connection()
    {
        long start = Stopwatch.GetTimestamp();
        Task<Answer> stalled = PostAsync(_server.Http2, new StallingContent(Question[..8]), CheckPath, "application/grpc", ("grpc-timeout", "300m"));
        Assert.Equal(RpcCode.Ok, (await PostAsync(_server, Question)).Code);
        Assert.Equal(RpcCode.DeadlineExceeded, (await stalled).Code);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.25, 4);
        Assert.Equal(RpcCode.Ok, (await PostAsync(_server, Question)).Code);
    }

    // The timer may fire a little before the clock gets there; the status is the deadline's all the same.
    [Fact]
    public async Task A_deadline_is_never_reported_as_a_cancellation()
    {
        Task<Answer>[] calls =
        [
            .. Enumerable.Range(0, 40).Select(i =>
                PostAsync(_server.Http2, new StallingContent(Question[..6]), CheckPath, "application/grpc", ("grpc-timeout", $"{20 + i * 3}m"))),
        ];
        foreach (Answer answer in await Task.WhenAll(calls)) Assert.Equal(RpcCode.DeadlineExceeded, answer.Code);
    }

    [Fact]
    public async Task The_client_gives_up_at_its_deadline()
    {
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var client = new AuthzGraphClient(new Uri($"http://{silent.LocalEndpoint}"), TimeSpan.FromMilliseconds(200));
        Assert.Equal(RpcCode.DeadlineExceeded, (await Words.Fails(client.CheckAsync(new CheckRequest()))).Code);
    }

    [Fact]
    public async Task A_client_without_a_server_learns_that_it_is_unavailable()
    {
        using var client = new AuthzGraphClient(new Uri("http://127.0.0.1:1"));
        Assert.Equal(RpcCode.Unavailable, (await Words.Fails(client.CheckAsync(new CheckRequest()))).Code);
    }

    [Fact]
    public async Task A_caller_who_cancels_gets_a_cancellation()
    {
        using var cancellation = new CancellationTokenSource();
        IAsyncEnumerator<Protocol.GrpcHealth.HealthCheckResponse> watch = _server.Client.WatchHealthAsync(new(), cancellation.Token).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await watch.MoveNextAsync());
    }

    /// <summary>Sends the first bytes and then nothing for a long while.</summary>
    private sealed class StallingContent(byte[] start) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(start);
            await stream.FlushAsync();
            await Task.Delay(TimeSpan.FromSeconds(20));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
