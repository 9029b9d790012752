using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

/// <summary>A graph on a disk that takes its time: what is not durable yet is nobody's, and no answer that rests on it is given.</summary>
public sealed class VisibilityTests
{
    private const string Schema = "definition user {}\ndefinition document { relation viewer: user\n permission view = viewer }";
    private const string Ann = "document:plan#viewer@user:ann";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AWhile = TimeSpan.FromMilliseconds(300);

    private readonly SimulatedDisk _disk = new(new Random(1));

    [Fact]
    public async Task Nothing_is_visible_or_told_before_it_is_durable()
    {
        await using AuthorizationGraph graph = await OpenAsync();
        await graph.WriteSchemaAsync(Schema);
        Revision before = graph.Snapshot().Revision;
        await using IAsyncEnumerator<WatchEvent> watch = graph.WatchAsync(new WatchRequest()).GetAsyncEnumerator();
        Task<bool> told = watch.MoveNextAsync().AsTask();
        using IDisposable held = _disk.Hold();
        Task written = WriteAsync(graph, UpdateKind.Create, Ann);
        await Task.Delay(AWhile);
        Assert.Equal((before, 0), (graph.Snapshot().Revision, Count(graph)));
        Assert.False(written.IsCompleted);
        Assert.False(told.IsCompleted);
        _disk.Release();
        await written.WaitAsync(Patience);
        Assert.Equal((before.Next, 1), (graph.Snapshot().Revision, Count(graph)));
        Assert.True(await told.WaitAsync(Patience));
    }

    [Fact]
    public async Task An_answer_that_changed_nothing_waits_for_the_pending_writes_that_it_saw()
    {
        await using AuthorizationGraph graph = await OpenAsync();
        await graph.WriteSchemaAsync(Schema);
        using IDisposable held = _disk.Hold();
        Task written = WriteAsync(graph, UpdateKind.Create, Ann);
        Task touched = WriteAsync(graph, UpdateKind.Touch, Ann);
        Task refused = WriteAsync(graph, UpdateKind.Create, Ann);
        Task unmet = WriteAsync(graph, UpdateKind.Touch, "document:plan#viewer@user:ben", new Precondition(PreconditionKind.MustNotMatch, new TupleFilter { ResourceType = "document" }));
        await Task.Delay(AWhile);
        Assert.Equal([false, false, false, false], new[] { written, touched, refused, unmet }.Select(task => task.IsCompleted));
        _disk.Release();
        await Task.WhenAll(written, touched).WaitAsync(Patience);
        Assert.Equal("TUPLE_EXISTS", (await Assert.ThrowsAsync<RejectionException>(() => refused.WaitAsync(Patience))).Reason);
        Assert.Equal("PRECONDITION_FAILED", (await Assert.ThrowsAsync<RejectionException>(() => unmet.WaitAsync(Patience))).Reason);
        Assert.Equal(1, Count(graph));
    }

    [Fact]
    public async Task Behind_a_refused_chunk_of_an_import_nothing_is_written_although_it_was_on_its_way()
    {
        await using AuthorizationGraph graph = await OpenAsync();
        await graph.WriteSchemaAsync(Schema);
        await WriteAsync(graph, UpdateKind.Create, "document:d3#viewer@user:ann");
        using IDisposable held = _disk.Hold();
        List<ImportReceipt> receipts = [];
        Task imported = Task.Run(async () =>
        {
            await foreach (ImportReceipt receipt in graph.ImportAsync(Tuples(6), new ImportRequest { Kind = UpdateKind.Create, ChunkSize = 1 })) receipts.Add(receipt);
        });
        await Task.Delay(AWhile);
        _disk.Release();
        Assert.Equal("TUPLE_EXISTS", (await Assert.ThrowsAsync<RejectionException>(() => imported.WaitAsync(Patience))).Reason);
        Assert.Equal([1, 2], receipts.Select(receipt => receipt.Tuples));
        await graph.ReclaimAsync();     // behind all that was on its way
        Assert.Equal(3, Count(graph));

        static async IAsyncEnumerable<RelationTuple> Tuples(int count)
        {
            await Task.CompletedTask;
            for (int i = 1; i <= count; i++) yield return RelationTuple.Parse($"document:d{i}#viewer@user:ann");
        }
    }

    private Task<AuthorizationGraph> OpenAsync() => AuthorizationGraph.OpenAsync(
        new GraphOptions { Storage = new StorageLocation.Memory() }, () => SimulatedStore.Open(_disk)).AsTask();

    private static async Task WriteAsync(AuthorizationGraph graph, UpdateKind kind, string tuple, params Precondition[] preconditions) =>
        await graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(kind, RelationTuple.Parse(tuple))], Preconditions = [.. preconditions] });

    private static int Count(AuthorizationGraph graph) => graph.Snapshot().Read(new TupleFilter { ResourceType = "document" }).Count();
}
