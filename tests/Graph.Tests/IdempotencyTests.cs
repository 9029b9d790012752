using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests;

public sealed class IdempotencyTests
{
    private const string Schema = "definition user {}\ndefinition document { relation viewer: user }";

    [Fact]
    public async Task After_a_restart_the_same_request_is_not_done_again_and_another_under_its_key_is_refused()
    {
        using var directory = new TemporaryDirectory();
        var options = new GraphOptions { Storage = new StorageLocation.Directory(directory.Path) };
        WriteRequest request = Touch("document:aaa#viewer@user:ann") with { IdempotencyKey = "order-17", MetadataJson = """{"a":1}""" };
        WriteReceipt first;
        await using (AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(options))
        {
            await graph.WriteSchemaAsync(Schema);
            first = await graph.WriteAsync(request);
        }
        await using AuthorizationGraph reopened = await AuthorizationGraph.OpenAsync(options);
        Assert.Equal(first, await reopened.WriteAsync(request));
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", await Refused(reopened, request with { Updates = Touch("document:aaa#viewer@user:bob").Updates }));
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", await Refused(reopened, request with { MetadataJson = """{"a":2}""" }));
        Assert.Equal(first.Revision, reopened.Snapshot().Revision);
    }

    [Fact]
    public async Task The_keys_of_two_scopes_never_meet()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        WriteRequest anns = Touch("document:aaa#viewer@user:ann") with { IdempotencyKey = "k", IdempotencyScope = "ann" };
        WriteRequest bobs = Touch("document:bbb#viewer@user:bob") with { IdempotencyKey = "k", IdempotencyScope = "bob" };
        WriteReceipt first = await graph.Graph.WriteAsync(anns);
        WriteReceipt second = await graph.Graph.WriteAsync(bobs);
        Assert.Equal(first.Revision.Next, second.Revision);
        Assert.Equal((first, second), (await graph.Graph.WriteAsync(anns), await graph.Graph.WriteAsync(bobs)));
        Assert.Equal("INVALID_IDEMPOTENCY_SCOPE", await Refused(graph.Graph, anns with { IdempotencyScope = "a\nb" }));
    }

    [Fact]
    public async Task A_key_ends_with_the_retention_over_a_restart_too()
    {
        using var directory = new TemporaryDirectory();
        var time = new ManualTime("2026-01-01T00:00:00Z");
        var options = new GraphOptions { Storage = new StorageLocation.Directory(directory.Path), Time = time };
        WriteRequest request = Touch("document:aaa#viewer@user:ann") with { IdempotencyKey = "k" };
        WriteRequest other = Touch("document:bbb#viewer@user:ann") with { IdempotencyKey = "k" };
        await using (AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(options))
        {
            await graph.WriteSchemaAsync(Schema);
            await graph.WriteAsync(request);
            time.Set("2026-01-01T23:59:00Z");
            Assert.Equal("IDEMPOTENCY_KEY_REUSED", await Refused(graph, other));
        }
        time.Set("2026-01-02T00:00:01Z");
        await using AuthorizationGraph reopened = await AuthorizationGraph.OpenAsync(options);
        await reopened.WriteAsync(other);
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", await Refused(reopened, request));
    }

    [Fact]
    public async Task No_more_keys_are_kept_than_the_limit_allows()
    {
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions
        {
            Storage = new StorageLocation.Memory(), Limits = Limits.Default with { IdempotencyKeys = 2 },
        });
        await graph.WriteSchemaAsync(Schema);
        for (int i = 0; i < 3; i++) await graph.WriteAsync(Touch($"document:d{i}#viewer@user:ann") with { IdempotencyKey = $"k{i}" });
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", await Refused(graph, Touch("document:xyz#viewer@user:ann") with { IdempotencyKey = "k2" }));
        await graph.WriteAsync(Touch("document:xyz#viewer@user:ann") with { IdempotencyKey = "k0" });
    }

    private static WriteRequest Touch(string tuple) => new() { Updates = [new TupleUpdate(UpdateKind.Touch, RelationTuple.Parse(tuple))] };

    private static async Task<string> Refused(AuthorizationGraph graph, WriteRequest request) =>
        (await Assert.ThrowsAsync<RejectionException>(async () => await graph.WriteAsync(request))).Reason;
}
