using System.Diagnostics;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;

namespace AuthzGraph.Server.Tests;

/// <summary>What the client does besides calling: trying again, carrying tokens along, moving many relationships.</summary>
public sealed class ClientTests
{
    private static readonly RetryPolicy Quick = new() { FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(5) };

    [Fact]
    public async Task A_read_is_made_again_while_the_server_is_unavailable()
    {
        await using FlakyServer server = await FlakyServer.StartAsync(failures: 2);
        using AuthzGraphClient client = Connect(server);
        Assert.Equal(Outcome.Permitted, (await client.CheckAsync(new CheckRequest())).Decision.Outcome);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_stream_is_begun_again_until_its_first_message()
    {
        await using FlakyServer server = await FlakyServer.StartAsync(failures: 2);
        using AuthzGraphClient client = Connect(server);
        int messages = 0;
        await foreach (ReadRelationshipsResponse _ in client.ReadRelationshipsAsync(new ReadRelationshipsRequest())) messages++;
        Assert.Equal((1, 3), (messages, server.Requests.Count));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("once", 2)]
    public async Task A_write_is_made_again_only_under_a_key(string key, int attempts)
    {
        await using FlakyServer server = await FlakyServer.StartAsync(failures: 1);
        using AuthzGraphClient client = Connect(server);
        Task<WriteRelationshipsResponse> write = client.WriteRelationshipsAsync(new WriteRelationshipsRequest { IdempotencyKey = key });
        if (attempts == 1) Assert.Equal(RpcCode.Unavailable, (await Assert.ThrowsAsync<AuthzGraphException>(() => write)).Code);
        else await write;
        Assert.Equal(attempts, server.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_stays_away_is_asked_so_often_and_no_more()
    {
        await using FlakyServer server = await FlakyServer.StartAsync(failures: int.MaxValue);
        using AuthzGraphClient client = Connect(server, Quick with { Attempts = 3, Budget = 3 });
        for (int i = 0; i < 4; i++) Assert.Equal(RpcCode.Unavailable, (await Assert.ThrowsAsync<AuthzGraphException>(() => client.CheckAsync(new CheckRequest()))).Code);
        Assert.Equal(4 + 3, server.Requests.Count);     // the budget is for all calls
    }

    [Fact]
    public async Task Nothing_is_tried_past_the_deadline()
    {
        await using FlakyServer server = await FlakyServer.StartAsync(failures: int.MaxValue);
        var slow = new RetryPolicy { Attempts = 1_000, Budget = 1_000, FirstPause = TimeSpan.FromMilliseconds(100) };
        using var client = new AuthzGraphClient(server.Address, new AuthzGraphClientOptions { Deadline = TimeSpan.FromMilliseconds(600) }, slow);
        long begun = Stopwatch.GetTimestamp();
        Assert.Contains((await Assert.ThrowsAsync<AuthzGraphException>(() => client.CheckAsync(new CheckRequest()))).Code, (RpcCode[])[RpcCode.Unavailable, RpcCode.DeadlineExceeded]);
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 0, 5);
    }

    [Fact]
    public async Task Who_cancels_waits_no_longer()
    {
        await using FlakyServer server = await FlakyServer.StartAsync(failures: int.MaxValue);
        var patient = new RetryPolicy { Attempts = 1_000, Budget = 1_000, FirstPause = TimeSpan.FromMinutes(1), LongestPause = TimeSpan.FromMinutes(1) };
        using var client = new AuthzGraphClient(server.Address, new AuthzGraphClientOptions(), patient);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.CheckAsync(new CheckRequest(), cancellation.Token));
    }

    [Fact]
    public async Task A_session_reads_nothing_older_than_it_knows()
    {
        await using FlakyServer server = await FlakyServer.StartAsync(failures: 0);
        using AuthzGraphClient client = Connect(server);
        AuthzGraphClient session = client.NewSession();
        await session.CheckAsync(new CheckRequest());
        await session.WriteRelationshipsAsync(new WriteRelationshipsRequest());
        await session.CheckAsync(new CheckRequest());
        await session.CheckAsync(new CheckRequest { Consistency = new Consistency { FullyConsistent = true } });
        await client.CheckAsync(new CheckRequest());
        Assert.Equal(
            ["", "token-2", "full", ""],
            ((int[])[0, 2, 3, 4]).Select(i => CheckRequest.Parser.ParseFrom(server.Requests[i]).Consistency is { } c ? c.FullyConsistent ? "full" : c.AtLeastAsFresh : ""));
        Assert.Equal(("token-4", null), (session.Token, client.Token));
        await client.NewSession(session.Token).CheckAsync(new CheckRequest());
        Assert.Equal("token-4", CheckRequest.Parser.ParseFrom(server.Requests[5]).Consistency.AtLeastAsFresh);
    }

    [Fact]
    public async Task Many_relationships_go_in_and_come_out()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.Client.WriteSchemaAsync(new() { Text = TestServer.Schema });
        string[] tuples = [.. Enumerable.Range(0, 1_234).Select(i => $"document:d{i:0000}#owner@user:ann")];
        ImportRelationshipsResponse? last = null;
        await foreach (ImportRelationshipsResponse receipt in server.Client.ImportAsync(Streamed(tuples))) last = receipt;
        Assert.Equal(1_234ul, last?.Imported);
        List<string> exported = [];
        await foreach (Relationship relationship in server.Client.ExportAsync(new RelationshipFilter { ResourceType = "document" })) exported.Add(Words.Text(relationship));
        Assert.Equal(tuples, exported.Order());
    }

    private static AuthzGraphClient Connect(FlakyServer server, RetryPolicy? policy = null) =>
        new(server.Address, new AuthzGraphClientOptions { Deadline = TimeSpan.FromSeconds(30) }, policy ?? Quick);

    private static async IAsyncEnumerable<Relationship> Streamed(string[] tuples)
    {
        foreach (string tuple in tuples) yield return Words.Relationship(tuple);
        await Task.CompletedTask;
    }
}
