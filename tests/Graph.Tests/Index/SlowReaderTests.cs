using System.Collections.Concurrent;
using System.Collections.Immutable;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Index;

/// <summary>Readers that dawdle in the middle of a list while the writer grows it, shrinks it, reclaims behind them and reuses what is free.</summary>
public sealed class SlowReaderTests(ITestOutputHelper output)
{
    private const int Resources = 4;
    private const int Subjects = 90;        // lists go from slab to block and back
    private const ulong Revisions = 40_000;
    private const int Seed = 21;

    [Fact]
    public async Task A_walk_shows_its_revision_however_slow_it_is()
    {
        output.WriteLine($"seed {Seed}");
        var index = new GraphIndex();
        var history = new History(index.Horizon);
        var reclaimer = new Reclaimer(index, history, new ManualTime("1970-01-01T12:00:00Z"), () => Instant.Never, Limits.Default with { HistoryBytes = 20_000 });
        for (uint i = 1; i <= Subjects; i++) index.Names("user").Bind(i, $"u{i}");
        for (uint i = 1; i <= Resources; i++) index.Names("document").Bind(i, $"d{i}");
        EdgeStore edges = index.Edge("document#viewer@user");
        index.BeginReplay(TimeSpan.Zero);        // numbers keep their names
        var past = new ConcurrentQueue<(ulong Revision, ImmutableSortedSet<uint>[] Sets)>();
        past.Enqueue((0, [.. Enumerable.Repeat(ImmutableSortedSet<uint>.Empty, Resources)]));
        using var stop = new CancellationTokenSource();
        // on threads of their own, since the pool may have none left until the writer is done
        Task<int>[] readers = [.. Enumerable.Range(1, 2).Select(i => Task.Factory.StartNew(
            () => ReadUntil(index, edges, past, new Random(Seed + i), stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        try { Churn(edges, history, reclaimer, past, new Random(Seed)); }
        finally { await stop.CancelAsync(); }
        int walks = (await Task.WhenAll(readers)).Sum();
        output.WriteLine($"{walks} walks, horizon {index.Horizon.Revision}");
        Assert.True(walks > 30);
        Assert.True(index.Horizon.Revision.Value > Revisions / 2);
    }

    private static void Churn(
        EdgeStore edges, History history, Reclaimer reclaimer, ConcurrentQueue<(ulong, ImmutableSortedSet<uint>[])> past, Random random)
    {
        var sets = Enumerable.Repeat(ImmutableSortedSet<uint>.Empty, Resources).ToArray();
        for (ulong revision = 1; revision <= Revisions; revision++)
        {
            uint resource = (uint)random.Next(1, Resources + 1);
            int wanted = random.Next(Subjects);
            foreach (uint subject in Enumerable.Range(0, 6).Select(_ => (uint)random.Next(1, Subjects + 1)).Distinct())
            {
                bool puts = sets[resource - 1].Count < wanted;
                if (puts) edges.Put(revision, resource, subject, Window.Always, 0);
                else edges.TryRemove(revision, resource, subject);
                sets[resource - 1] = puts ? sets[resource - 1].Add(subject) : sets[resource - 1].Remove(subject);
            }
            history.Publish(new Published(new Revision(revision), new Instant((long)revision), null));
            past.Enqueue((revision, [.. sets]));
            while (past.Count > 100) past.TryDequeue(out _);
            if (revision % 5 == 0) reclaimer.Hurry();
            reclaimer.Run(TimeSpan.FromMilliseconds(1));
        }
    }

    private static int ReadUntil(
        GraphIndex index, EdgeStore edges, ConcurrentQueue<(ulong Revision, ImmutableSortedSet<uint>[] Sets)> past, Random random, CancellationToken stop)
    {
        int walks = 0;
        while (!stop.IsCancellationRequested)
        {
            (ulong Revision, ImmutableSortedSet<uint>[] Sets)[] known = past.ToArray();
            (ulong revision, ImmutableSortedSet<uint>[] sets) = known[random.Next(known.Length)];
            uint resource = (uint)random.Next(1, Resources + 1);
            using Epochs.Stay stay = index.Memory.Epochs.Enter();
            if (revision < index.Horizon.Revision.Value) continue;
            var found = new List<uint>();
            EdgeListWalk walk = edges.OfResource(resource, revision);
            while (walk.MoveNext())
            {
                found.Add(walk.Current.Subject);
                if (random.Next(8) == 0) Thread.Sleep(0);
                if (random.Next(64) == 0) Thread.Sleep(1);
            }
            Assert.Equal(sets[resource - 1].Order(), found.Order());
            walks++;
        }
        return walks;
    }
}
