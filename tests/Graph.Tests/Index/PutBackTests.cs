using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Index;

/// <summary>A store that holds one revision, while those before it are put back, newest first, and more are written.</summary>
public sealed class PutBackTests(ITestOutputHelper output)
{
    private const uint Documents = 3, Users = 4;
    private const ulong Loaded = 120, Last = 240;

    private readonly List<Dictionary<(uint, uint), Window>> _states = [[]];
    private readonly List<List<Change>> _changes = [[]];

    private readonly record struct Change(uint Resource, uint Subject, Window? Before, Window? After);

    [Fact]
    public void Each_revision_that_was_put_back_shows_what_was_there_whatever_is_written_since()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        for (int i = 0; i < 40; i++)
        {
            var random = new Random(seed + i);
            Remember(random);
            PutBack(random);
            _states.RemoveRange(1, _states.Count - 1);
            _changes.RemoveRange(1, _changes.Count - 1);
        }
    }

    private void Remember(Random random)
    {
        for (ulong revision = 1; revision <= Last; revision++)
        {
            var state = new Dictionary<(uint, uint), Window>(_states[^1]);
            var changes = new List<Change>();
            foreach ((uint Resource, uint Subject) edge in Enumerable.Range(0, random.Next(1, 4)).Select(_ => AnyEdge(random)).Distinct())
            {
                Window? before = state.TryGetValue(edge, out Window window) ? window : null;
                Window? after = random.Next(3) == 0 ? null : random.Next(4) == 0 ? new Window(new Instant(random.Next(9)), Instant.Never) : Window.Always;
                if (before is null && after is null) continue;
                changes.Add(new Change(edge.Resource, edge.Subject, before, after));
                if (after is { } put) state[edge] = put;
                else state.Remove(edge);
            }
            _states.Add(state);
            _changes.Add(changes);
        }
    }

    private void PutBack(Random random)
    {
        var index = new GraphIndex();
        for (uint i = 1; i <= Documents; i++) index.Names("document").Bind(i, $"d{i}");
        for (uint i = 1; i <= Users; i++) index.Names("user").Bind(i, $"u{i}");
        index.BeginReplay(TimeSpan.Zero);
        EdgeStore edges = index.Edge("document#viewer@user");
        foreach (((uint resource, uint subject), Window window) in _states[(int)Loaded]) edges.PutSettled(resource, subject, window, 0);
        (ulong oldest, ulong newest) = (Loaded, Loaded);
        while (oldest > 1 || newest < Last)
        {
            if (newest < Last && random.Next(2) == 0) Write(edges, ++newest);
            else if (oldest > 1) Undo(edges, oldest--);
            Expect(edges, random, oldest, newest);
        }
        SweepTo(index, Loaded + 1);
        Expect(edges, random, Loaded + 1, Last);
        SweepTo(index, Last);
        Assert.Equal(0, index.Memory.HistoryBytes);
    }

    private static void SweepTo(GraphIndex index, ulong horizon)
    {
        var sweep = new Sweep(index, new Revision(horizon), Instant.Beginning, Instant.Beginning);
        while (!sweep.IsDone) sweep.Run(TimeSpan.Zero);
        index.Memory.Limbo.Drain();
    }

    private void Write(EdgeStore edges, ulong revision)
    {
        foreach (Change change in _changes[(int)revision])
            if (change.After is { } window) edges.Put(revision, change.Resource, change.Subject, window, 0);
            else Assert.True(edges.TryRemove(revision, change.Resource, change.Subject));
    }

    /// <summary>As the log tells it: what was put, and what it replaced.</summary>
    private void Undo(EdgeStore edges, ulong revision)
    {
        foreach (Change change in Enumerable.Reverse(_changes[(int)revision]))
        {
            var version = new EdgeVersion(change.Resource, change.Subject, 0, revision, Window.Always, 0);
            if (change.After is { } put) edges.PutBackBegin(version with { Created = revision, Deleted = Loaded + 1, Window = put });
            if (change.Before is { } replaced) Assert.True(edges.TryPutBackEnd(version with { Window = replaced }));
        }
    }

    private void Expect(EdgeStore edges, Random random, ulong oldest, ulong newest)
    {
        ulong revision = random.Next(4) == 0 ? oldest : (ulong)random.NextInt64((long)oldest, (long)newest + 1);
        Dictionary<(uint, uint), Window> state = _states[(int)revision];
        for (uint resource = 1; resource <= Documents; resource++)
            for (uint subject = 1; subject <= Users; subject++)
            {
                bool isThere = edges.TryFind(resource, subject, revision, out EdgeVersion found);
                Assert.True(isThere == state.TryGetValue((resource, subject), out Window window) && (!isThere || found.Window == window),
                    $"{resource}@{subject} at {revision} of {oldest} to {newest}: {found}");
            }
    }

    private static (uint Resource, uint Subject) AnyEdge(Random random) => ((uint)random.Next(1, (int)Documents + 1), (uint)random.Next(1, (int)Users + 1));
}
