using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Retention;

public sealed class ReusedNameTests
{
    private const string Schema = "definition user {}\ndefinition document { relation viewer: user }";

    /// <summary>What the numbers stood for before is not known any more: who could read the past would read it under other names.</summary>
    [Fact]
    public async Task History_does_not_go_back_past_numbers_given_out_again_however_much_may_be_kept_after_a_restart()
    {
        using TemporaryDirectory directory = new();
        string early;
        ulong oldest;
        await using (AuthorizationGraph graph = await OpenAsync(directory, Limits.Default with { HistoryBytes = 20_000 }))
        {
            await graph.WriteSchemaAsync(Schema);
            early = (await WriteAsync(graph, UpdateKind.Touch, "document:first#viewer@user:ann")).Token;
            await WriteAsync(graph, UpdateKind.Delete, "document:first#viewer@user:ann");
            for (int i = 0; i < 1_000; i++) await WriteAsync(graph, i % 2 == 0 ? UpdateKind.Touch : UpdateKind.Delete, "document:busy#viewer@user:bo");
            await graph.ReclaimAsync();
            await graph.ReclaimAsync();
            oldest = graph.OldestRevision.Value;
            Assert.InRange(oldest, 100ul, 1_010ul);
            await WriteAsync(graph, UpdateKind.Touch, "document:another#viewer@user:cy");
            await graph.CheckpointAsync();
        }
        await using AuthorizationGraph reopened = await OpenAsync(directory, Limits.Default);
        await reopened.RebuiltAsync();
        Assert.InRange(reopened.OldestRevision.Value, oldest, 1_010ul);
        RejectionException refusal = Assert.Throws<RejectionException>(() => reopened.Snapshot(new Consistency.AtExactSnapshot(early)));
        Assert.Equal("REVISION_TOO_OLD", refusal.Reason);
    }

    private static async Task<AuthorizationGraph> OpenAsync(TemporaryDirectory directory, Limits limits) =>
        await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Directory(directory.Path), Limits = limits });

    private static ValueTask<WriteReceipt> WriteAsync(AuthorizationGraph graph, UpdateKind kind, string tuple) =>
        graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(kind, RelationTuple.Parse(tuple))] });
}
