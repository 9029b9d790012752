using System.Collections.Concurrent;
using System.Collections.Immutable;
using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>Lists of thousands, whose parts split and become one again while they are read at new revisions and at old ones, reclaimed and put back.</summary>
public sealed class LongListConcurrencyTests(ITestOutputHelper output)
{
    private const int Readers = 3;
    private static readonly (int Viewers, int Documents)[] Phases = [(9_000, 400), (3_000, 6_000), (300, 9_000), (9_000, 0), (0, 7_000)];

    [Fact]
    public async Task Readers_at_any_revision_see_what_long_lists_held_then_while_they_are_written_and_reclaimed()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions
        {
            Storage = new StorageLocation.Memory(), Limits = Limits.Default with { HistoryBytes = 1_000_000 },
        });
        await graph.WriteSchemaAsync(LongLists.Schema);
        var past = new ConcurrentQueue<CrowdAt>();
        var lists = new LongLists(graph, new Random(seed));
        past.Enqueue(await lists.WriteAsync(100, 100));
        using var stop = new CancellationTokenSource();
        Task<Crowd> watcher = FollowAsync(graph, past.First(), stop.Token);
        // on threads of their own, since the pool may have none left until the writer is done
        Task<(int Asked, int Whole, int Refused)>[] readers = [.. Enumerable.Range(1, Readers).Select(i => Task.Factory.StartNew(
            () => ReadUntil(graph, past, new Random(seed + i), stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        int written = 0;
        try
        {
            foreach ((int viewers, int documents) in Phases)
                for (int still = 0; still < 3; still += lists.Crowd.Viewers.Count == viewers && lists.Crowd.Documents.Count == documents || ++written % 40 == 0 ? 1 : 0)
                {
                    past.Enqueue(await lists.WriteAsync(viewers, documents));
                    while (past.Count > 60) past.TryDequeue(out _);
                    if (written % 3 == 0) await graph.ReclaimAsync();
                }
            LongLists.ReadAll(graph.Snapshot(), lists.Crowd, 1_000);
        }
        finally { stop.CancelAfter(TimeSpan.FromMilliseconds(200)); }
        (int Asked, int Whole, int Refused)[] done = await Task.WhenAll(readers);
        output.WriteLine($"{done.Sum(d => d.Asked)} answers, {done.Sum(d => d.Whole)} whole lists, {done.Sum(d => d.Refused)} refused as too old; oldest {graph.OldestRevision} of {graph.Snapshot().Revision}");
        Assert.True(done.Sum(d => d.Asked) > 1_000 && done.Sum(d => d.Whole) > 10 && graph.OldestRevision.Value > 20);
        Crowd told = await watcher;
        Assert.Equal(lists.Crowd.Viewers.OrderBy(v => v.Key), told.Viewers.OrderBy(v => v.Key));
        Assert.Equal(lists.Crowd.Documents.OrderBy(v => v.Key), told.Documents.OrderBy(v => v.Key));
    }

    [Fact]
    public async Task Long_lists_come_back_with_their_history_while_they_are_written_and_read()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        using TemporaryDirectory directory = new();
        GraphOptions options = new() { Storage = new StorageLocation.Directory(directory.Path) };
        List<CrowdAt> known = [];
        Crowd crowd;
        await using (AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(options))
        {
            await graph.WriteSchemaAsync(LongLists.Schema);
            var lists = new LongLists(graph, new Random(seed));
            foreach ((int viewers, int documents) in Phases[..3])
                for (int i = 0; i < 12; i++) known.Add(await lists.WriteAsync(viewers, documents));
            await graph.CheckpointAsync();
            for (int i = 0; i < 6; i++) known.Add(await lists.WriteAsync(5_000, 5_000));
            crowd = lists.Crowd;
        }
        await using AuthorizationGraph reopened = await AuthorizationGraph.OpenAsync(options);
        var past = new ConcurrentQueue<CrowdAt>(known);
        using var stop = new CancellationTokenSource();
        Task<(int Asked, int Whole, int Refused)> reader = Task.Factory.StartNew(
            () => ReadUntil(reopened, past, new Random(seed + 1), stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var again = new LongLists(reopened, new Random(seed + 2), crowd);
        for (int i = 0; i < 6; i++) known.Add(await again.WriteAsync(i < 3 ? 6_500 : 100, i < 3 ? 100 : 6_500));
        await reopened.RebuiltAsync();
        Assert.Empty(reopened.Notices);
        foreach (CrowdAt one in known) LongLists.ReadAll(At(reopened, one), one.Crowd, 2_500);
        await stop.CancelAsync();
        (int asked, int whole, int refused) = await reader;
        output.WriteLine($"{asked} answers, {whole} whole lists, {refused} refused");
        Assert.True(asked > 0);
    }

    private static Snapshot At(AuthorizationGraph graph, CrowdAt one) => graph.Snapshot(new Consistency.AtExactSnapshot(one.Token));

    private static (int Asked, int Whole, int Refused) ReadUntil(AuthorizationGraph graph, ConcurrentQueue<CrowdAt> past, Random random, CancellationToken stop)
    {
        (int asked, int whole, int refused) = (0, 0, 0);
        while (!stop.IsCancellationRequested)
        {
            CrowdAt[] known = past.ToArray();
            CrowdAt then = random.Next(2) == 0 ? known[^1] : known[random.Next(known.Length)];
            try
            {
                Snapshot snapshot = At(graph, then);
                for (int i = 0; i < 10; i++) asked += LongLists.Check(snapshot, then.Crowd, random);
                if (random.Next(4) > 0) continue;
                LongLists.ReadAll(snapshot, then.Crowd, random.Next(200, 3_000));
                whole++;
            }
            catch (RejectionException rejection) when (rejection.Reason is "REVISION_TOO_OLD" or "HISTORY_REBUILDING") { refused++; }
        }
        return (asked, whole, refused);
    }

    /// <summary>Does what a watch tells, from a revision on, until nothing new is told after <paramref name="stop"/>.</summary>
    private static async Task<Crowd> FollowAsync(AuthorizationGraph graph, CrowdAt from, CancellationToken stop)
    {
        ImmutableDictionary<int, Form>.Builder viewers = from.Crowd.Viewers.ToBuilder(), documents = from.Crowd.Documents.ToBuilder();
        try
        {
            await foreach (WatchEvent told in graph.WatchAsync(new WatchRequest { After = from.Token }, stop))
                foreach (TupleChange change in told is WatchEvent.Changed changed ? changed.Changes : [])
                {
                    (ImmutableDictionary<int, Form>.Builder list, string id) = change.Tuple.Resource.Id == "big" ? (viewers, change.Tuple.Subject.Object.Id) : (documents, change.Tuple.Resource.Id);
                    int place = int.Parse(id[1..]);
                    if (change.Kind == TupleChangeKind.Deleted) Assert.True(list.Remove(place));
                    else list[place] = LongLists.FormOf(change.Tuple);
                }
        }
        catch (OperationCanceledException) { }
        return new Crowd(viewers.ToImmutable(), documents.ToImmutable());
    }
}
