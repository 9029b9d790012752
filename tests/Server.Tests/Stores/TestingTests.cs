using AuthzGraph.Client;
using AuthzGraph.Model;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Stores;
using Outcome = AuthzGraph.Protocol.V1.Outcome;

namespace AuthzGraph.Server.Tests.Stores;

/// <summary>A server for test suites: every bearer token has an empty store of its own.</summary>
public sealed class TestingTests
{
    private static readonly StoreOptions Testing = new() { IsTesting = true };

    [Fact]
    public async Task Two_tokens_see_two_graphs_and_calls_without_one_a_third()
    {
        await using StoreServer server = await StoreServer.StartAsync(null, stores: Testing);
        Assert.Contains(server.Host.Announcement, line => line.Contains("nothing is kept"));
        await server.OfToken("one").WriteSchemaAsync(new() { Text = TestServer.Schema });
        await server.OfToken("one").WriteRelationshipsAsync(Words.Touch("document:readme#owner@user:ann"));
        foreach (AuthzGraphClient other in (AuthzGraphClient[])[server.OfToken("two"), server.Default])
        {
            Assert.Equal("NO_SCHEMA", (await Words.Fails(other.ReadSchemaAsync(new()))).Reason);
            await other.WriteSchemaAsync(new() { Text = TestServer.Schema });
            Assert.Equal(Outcome.Denied, (await other.CheckAsync(Words.Check("document:readme#view@user:ann"))).Decision.Outcome);
        }
        Assert.Equal(Outcome.Permitted, (await server.OfToken("one").CheckAsync(Words.Check("document:readme#view@user:ann"))).Decision.Outcome);
    }

    [Fact]
    public async Task A_store_that_is_not_used_for_a_while_is_gone_and_one_with_a_call_under_way_is_not()
    {
        var options = Testing with { TestingIdle = TimeSpan.FromSeconds(1) };
        await using StoreServer server = await StoreServer.StartAsync(null, stores: options);
        foreach (string token in (string[])["idle", "watched"]) await server.OfToken(token).WriteSchemaAsync(new() { Text = TestServer.Schema });
        using var stop = new CancellationTokenSource();
        Task watching = Words.Cancelled(server.OfToken("watched").WatchRelationshipsAsync(new(), stop.Token));
        for (int i = 0; ; i++)
        {
            await Task.Delay(1500);
            AuthzGraphException? refusal = await Words.Refusal(server.OfToken("idle").ReadSchemaAsync(new()));
            if (refusal?.Reason == "NO_SCHEMA") break;
            Assert.True(i < 10, "the idle store is still there");
        }
        Assert.Equal(TestServer.Schema, (await server.OfToken("watched").ReadSchemaAsync(new())).Text);
        await stop.CancelAsync();
        await watching;
    }

    [Fact]
    public async Task With_too_many_tokens_the_one_that_was_idle_longest_goes_and_none_that_is_in_use()
    {
        await using StoreServer server = await StoreServer.StartAsync(null, Limits.Default with { TestingStores = 2 }, Testing);
        using var stop = new CancellationTokenSource();
        foreach (string token in (string[])["old", "new"]) await server.OfToken(token).WriteSchemaAsync(new() { Text = TestServer.Schema });
        await server.OfToken("third").WriteSchemaAsync(new() { Text = TestServer.Schema });
        Assert.Equal(TestServer.Schema, (await server.OfToken("new").ReadSchemaAsync(new())).Text);
        Task[] watching = [.. ((string[])["new", "third"]).Select(token => Words.Cancelled(server.OfToken(token).WatchRelationshipsAsync(new(), stop.Token)))];
        await Task.Delay(300);
        AuthzGraphException refusal = await Words.Fails(server.OfToken("old").ReadSchemaAsync(new()));
        Assert.Equal((RpcCode.ResourceExhausted, "TOO_MANY_STORES"), (refusal.Code, refusal.Reason));
        await stop.CancelAsync();
        await Task.WhenAll(watching);
    }

    [Fact]
    public async Task Nobody_makes_lists_or_deletes_the_stores_of_tokens()
    {
        await using StoreServer server = await StoreServer.StartAsync(null, stores: Testing);
        foreach (Task call in (Task[])[server.Default.CreateStoreAsync(new() { Name = "a" }), server.Default.ListStoresAsync(new()), server.Default.DeleteStoreAsync(new() { Name = "a" })])
            Assert.Equal("STORES_ARE_FOR_TESTING", (await Words.Fails(call)).Reason);
    }
}
