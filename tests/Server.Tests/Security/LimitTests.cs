using System.Globalization;
using AuthzGraph.Client;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;

namespace AuthzGraph.Server.Tests.Security;

/// <summary>How much one credential may ask, whatever the others do.</summary>
public sealed class LimitTests
{
    private const string Credentials =
        """
          - name: slow
            keys: [{slow}]
            rights: [check, read]
            calls_per_second: 5
          - name: narrow
            keys: [{narrow}]
            rights: [check, read]
            concurrent_calls: 2
          - name: free
            keys: [{free}]
            rights: [check]

        """;

    private static readonly CheckRequest Question = Words.Check("document:readme#view@user:ann");

    [Fact]
    public async Task Beyond_its_calls_per_second_a_credential_is_told_to_come_back()
    {
        await using SecuredServer server = await SecuredServer.StartFilledAsync(Credentials);
        AuthzGraphClient slow = server.As("slow"), free = server.As("free");
        int refused = 0;
        for (int i = 0; i < 30; i++)
        {
            try
            {
                await slow.CheckAsync(Question);
            }
            catch (AuthzGraphException e)
            {
                Assert.Equal((RpcCode.ResourceExhausted, "CALL_LIMIT"), (e.Code, e.Reason));
                refused++;
            }
            await free.CheckAsync(Question);
        }
        Assert.True(refused >= 1, $"{refused} of 30 refused");

        await Task.Delay(TimeSpan.FromSeconds(1.5));
        await slow.CheckAsync(Question);
    }

    [Fact]
    public async Task Http_says_when_to_ask_again()
    {
        await using SecuredServer server = await SecuredServer.StartFilledAsync(Credentials);
        for (int i = 0; i < 30; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/authzgraph.v1.Permissions/Check") { Content = new StringContent("{}", null, "application/json") };
            request.Headers.Add("Authorization", $"Bearer {server.Key("slow")}");
            using HttpResponseMessage response = await server.Http.SendAsync(request);
            if ((int)response.StatusCode != 429) continue;
            Assert.True(int.Parse(response.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture) >= 1);
            Assert.Contains("google.rpc.RetryInfo", await response.Content.ReadAsStringAsync());
            return;
        }
        Assert.Fail("no call was refused");
    }

    [Fact]
    public async Task A_credential_has_so_many_calls_at_once_and_gets_their_places_back()
    {
        await using SecuredServer server = await SecuredServer.StartFilledAsync(Credentials);
        AuthzGraphClient narrow = server.As("narrow");
        using (var ends = new CancellationTokenSource())
        {
            await using IAsyncEnumerator<WatchRelationshipsResponse> one = Watch(narrow, ends.Token), two = Watch(narrow, ends.Token);
            Assert.True(await one.MoveNextAsync() && await two.MoveNextAsync());
            await Words.Fails(RpcCode.ResourceExhausted, "CALL_LIMIT", narrow.CheckAsync(Question));
            await server.As("free").CheckAsync(Question);
            await ends.CancelAsync();
        }
        for (int i = 0; ; i++)
        {
            try
            {
                await narrow.CheckAsync(Question);
                return;
            }
            catch (AuthzGraphException e) when (e.Reason == "CALL_LIMIT" && i < 200)
            {
                await Task.Delay(25);    // the server hears of the cancelled streams a moment later
            }
        }
    }

    [Fact]
    public async Task Of_many_calls_one_after_another_none_keeps_its_place()
    {
        await using SecuredServer server = await SecuredServer.StartFilledAsync(Credentials);
        AuthzGraphClient narrow = server.As("narrow");
        for (int i = 0; i < 50; i++)
        {
            await narrow.CheckAsync(Question);
            await Words.Fails(RpcCode.PermissionDenied, "RIGHT_MISSING", narrow.WriteSchemaAsync(new()));
        }
    }

    private static IAsyncEnumerator<WatchRelationshipsResponse> Watch(AuthzGraphClient client, CancellationToken cancellation) =>
        client.WatchRelationshipsAsync(new() { Kinds = { WatchRelationshipsRequest.Types.Kind.Checkpoints } }, cancellation).GetAsyncEnumerator(cancellation);
}
