using System.Collections.Immutable;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Graph.Tests.Agreement;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Index;

/// <summary>
/// Readers of many snapshots beside a writer who is ahead of all of them: edges are written, ended, written again, given windows and
/// made quiet, and are looked for from both ends and in every way there is.
/// </summary>
public sealed class NewEdgeTests(ITestOutputHelper output)
{
    private const int WritesPerRevision = 8, Kept = 60;
    private const ulong Revisions = 20_000;

    private readonly GraphIndex _index = new();
    private int _resources, _subjects;
    private ImmutableQueue<Past> _past = [];

    /// <summary>A snapshot and what it shows.</summary>
    private sealed record Past(ulong Revision, ImmutableDictionary<(uint Resource, uint Subject), Window> Edges);

    [Theory]
    [InlineData(30, 50, 40_000)]
    [InlineData(2, 3, 3_000)]       // the same few over and over, close to the horizon: they become quiet, go, and come again
    public async Task Readers_of_any_snapshot_see_it_and_nothing_else_while_edges_are_written(int resources, int subjects, int historyBytes)
    {
        (_resources, _subjects) = (resources, subjects);
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        for (uint i = 1; i <= subjects; i++) _index.Names("user").Bind(i, $"u{i}");
        for (uint i = 1; i <= resources; i++) _index.Names("document").Bind(i, $"d{i}");
        EdgeStore edges = _index.Edge("document#viewer@user");
        _index.BeginReplay(TimeSpan.Zero);       // numbers keep their names
        Publish(0, ImmutableDictionary<(uint, uint), Window>.Empty);
        using var stop = new CancellationTokenSource();
        Task<int>[] readers = [.. Enumerable.Range(1, 2).Select(i => Task.Factory.StartNew(
            () => ReadUntil(edges, new Random(seed + i), stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        try { Write(edges, historyBytes, new Random(seed), readers); }
        finally { await stop.CancelAsync(); }
        int reads = (await Task.WhenAll(readers)).Sum();
        output.WriteLine($"{reads} reads, horizon {_index.Horizon.Revision}");
        Assert.True(reads > 300);
        Assert.True(_index.Horizon.Revision.Value > Revisions / 2);
    }

    private void Write(EdgeStore edges, int historyBytes, Random random, Task<int>[] readers)
    {
        var history = new History(_index.Horizon);
        var reclaimer = new Reclaimer(_index, history, new ManualTime("1970-01-01T12:00:00Z"), () => Instant.Never, Limits.Default with { HistoryBytes = historyBytes });
        var now = ImmutableDictionary<(uint Resource, uint Subject), Window>.Empty;
        for (ulong revision = 1; revision <= Revisions && !readers.Any(reader => reader.IsCompleted); revision++)
        {
            foreach ((uint resource, uint subject) in Enumerable.Range(0, random.Next(1, WritesPerRevision)).Select(_ => AnyEdge(random)).Distinct())
            {
                bool puts = random.Next(3) > 0;
                Window window = random.Next(8) == 0 ? new Window(new Instant(random.Next(100)), Instant.Never) : Window.Always;
                if (puts) edges.Put(revision, resource, subject, window, 0);
                else edges.TryRemove(revision, resource, subject);
                now = puts ? now.SetItem((resource, subject), window) : now.Remove((resource, subject));
            }
            if (random.Next(4) == 0) Thread.Sleep(0);        // what is not published yet lies there for a while
            history.Publish(new Published(new Revision(revision), new Instant((long)revision), null));
            Publish(revision, now);
            if (revision % 7 == 0) reclaimer.Hurry();
            reclaimer.Run(TimeSpan.FromMilliseconds(1));
        }
    }

    private void Publish(ulong revision, ImmutableDictionary<(uint Resource, uint Subject), Window> edges)
    {
        ImmutableQueue<Past> past = _past.Enqueue(new Past(revision, edges));
        if (revision >= Kept) past = past.Dequeue();
        Volatile.Write(ref _past, past);
    }

    private int ReadUntil(EdgeStore edges, Random random, CancellationToken stop)
    {
        var reader = new EdgeListReader();
        int reads = 0;
        while (!stop.IsCancellationRequested)
        {
            Past[] known = [.. Volatile.Read(ref _past)];
            Past past = random.Next(2) == 0 ? known[^1] : random.Pick(known);
            using Epochs.Stay stay = _index.Memory.Epochs.Enter();
            if (past.Revision < _index.Horizon.Revision.Value) continue;
            (uint resource, uint subject) = AnyEdge(random);
            switch (random.Next(5))
            {
                case 0: Expect(past, edge => edge.Resource == resource, Walk(edges.OfResource(resource, past.Revision), random)); break;
                case 1: Expect(past, edge => edge.Subject == subject, Walk(edges.OfSubject(subject, past.Revision), random)); break;
                case 2: Expect(past, edge => edge.Resource == resource, ReadResource(edges, reader, resource, past.Revision, random)); break;
                case 3: Expect(past, edge => edge.Subject == subject, ReadSubject(edges, reader, subject, past.Revision, random)); break;
                default: ExpectEach(past, edges); break;
            }
            reads++;
        }
        return reads;
    }

    private static IEnumerable<EdgeVersion> Walk(EdgeListWalk walk, Random random)
    {
        while (walk.MoveNext())
        {
            yield return walk.Current;
            Dawdle(random);
        }
    }

    private static IEnumerable<EdgeVersion> ReadResource(EdgeStore edges, EdgeListReader reader, uint resource, ulong revision, Random random)
    {
        edges.OpenResource(reader, resource, after: null);
        for (; reader.MoveNext(); Dawdle(random))
            if (edges.See(resource, EdgeCode.Number(reader.Word), reader.Word, revision, out EdgeVersion edge)) yield return edge;
    }

    private static IEnumerable<EdgeVersion> ReadSubject(EdgeStore edges, EdgeListReader reader, uint subject, ulong revision, Random random)
    {
        edges.OpenSubject(reader, subject, after: null);
        for (; reader.MoveNext(); Dawdle(random))
            if (edges.See(EdgeCode.Number(reader.Word), subject, reader.Word, revision, out EdgeVersion edge)) yield return edge;
    }

    private void ExpectEach(Past past, EdgeStore edges)
    {
        for (uint resource = 1; resource <= _resources; resource++)
            for (uint subject = 1; subject <= _subjects; subject++)
            {
                bool isThere = edges.TryFind(resource, subject, past.Revision, out EdgeVersion found);
                Assert.Equal(past.Edges.TryGetValue((resource, subject), out Window window), isThere);
                if (isThere) Assert.Equal(window, found.Window);
            }
    }

    private static void Expect(Past past, Func<(uint Resource, uint Subject), bool> isAsked, IEnumerable<EdgeVersion> found) => Assert.Equal(
        past.Edges.Where(edge => isAsked(edge.Key)).Select(edge => (edge.Key.Resource, edge.Key.Subject, edge.Value)).Order(ByEnds),
        found.Select(edge => (edge.Resource, edge.Subject, edge.Window)).Order(ByEnds));

    private static readonly Comparer<(uint Resource, uint Subject, Window)> ByEnds =
        Comparer<(uint Resource, uint Subject, Window)>.Create((x, y) => (x.Resource, x.Subject).CompareTo((y.Resource, y.Subject)));

    private static void Dawdle(Random random)
    {
        if (random.Next(8) == 0) Thread.Sleep(0);
        if (random.Next(200) == 0) Thread.Sleep(1);
    }

    private (uint Resource, uint Subject) AnyEdge(Random random) => ((uint)random.Next(1, _resources + 1), (uint)random.Next(1, _subjects + 1));
}
