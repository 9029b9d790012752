using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Graph.Tests.Agreement;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Index;

/// <summary>The store of one edge type against a dictionary of everything that was ever written.</summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, 30, 6)]          // a few objects: lists of one and slabs
    [InlineData(2, 3, 600)]         // wide: blocks that grow and shrink
    [InlineData(3, 100_000, 40)]    // sparse: hashed pages and several of them
    [InlineData(4, 40, 40)]
    public void A_store_shows_every_readable_revision_what_was_written_by_then(int seed, int resources, int subjects)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var model = new EdgeModel(random, resources, subjects);
        for (ulong revision = 1; revision <= 3_000; revision++)
        {
            model.Write(revision);
            if (random.Next(200) == 0)
            {
                model.Sweep(revision - (ulong)random.Next((int)Math.Min(revision, 300)));
                model.Compare(model.Horizon);       // what goes one revision too early is missed here and nowhere else
            }
            if (random.Next(60) == 0) model.CompareWritten(revision - (ulong)random.Next((int)Math.Min(revision - model.Horizon, 200) + 1));
            if (random.Next(50) == 0) model.Compare(model.Horizon + (ulong)random.Next((int)(revision - model.Horizon) + 1));
        }
        model.DeleteAll(3_001);
        model.Sweep(3_001);
        model.Compare(3_001);
        Assert.Equal(0, model.Edges.Count);
        Assert.Equal(0, model.Edges.Versions.EdgeCount);
        Assert.Equal(0u, model.Names);
        Assert.Equal(0, model.HistoryBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_store_that_is_replayed_without_history_shows_what_was_last_said_of_each_edge(int seed)
    {
        var random = new Random(seed);
        var index = new GraphIndex();
        for (uint i = 1; i <= 3; i++) index.Names("document").Bind(i, $"d{i}");
        for (uint i = 1; i <= 3; i++) index.Names("user").Bind(i, $"u{i}");
        index.BeginReplay(TimeSpan.Zero);
        EdgeStore edges = index.Edge("document#viewer@user");
        Dictionary<(uint, uint), Window> said = [];
        for (int i = 0; i < 2_000; i++)
        {
            (uint resource, uint subject) = ((uint)random.Next(1, 4), (uint)random.Next(1, 4));
            Window window = random.Next(3) == 0 ? Window.Always : new Window(new Instant(i), Instant.Never);
            if (random.Next(2) == 0)
            {
                edges.RemoveSettled(resource, subject);
                said.Remove((resource, subject));
            }
            else
            {
                edges.PutSettled(resource, subject, window, 0);
                said[(resource, subject)] = window;
            }
            if (random.Next(20) == 0) index.Memory.Limbo.Drain();
            foreach (((uint Resource, uint Subject) edge, Window expected) in said)
            {
                Assert.True(edges.TryFind(edge.Resource, edge.Subject, 1, out EdgeVersion found));
                Assert.Equal(expected, found.Window);
            }
            for (uint held = 1; held <= 3; held++)
                EdgeModel.ExpectWalk(edges.OfSubject(held, 1), said.Keys.Where(edge => edge.Item2 == held).Select(edge => edge.Item1), v => v.Resource);
            Assert.Equal(said.Count, edges.Count);
        }
    }

    [Fact]
    public void Numbers_and_codes_are_one_to_one()
    {
        var random = new Random(5);
        for (int i = 0; i < 100_000; i++)
        {
            uint number = i < 1000 ? (uint)i : (uint)random.NextInt64(EdgeCode.MaxNumber + 1L);
            Assert.Equal(number, EdgeCode.Number(EdgeCode.Word(number)));
            Assert.Equal(number, EdgeCode.Number(EdgeCode.Word(number) | EdgeCode.Flags));
        }
    }
}

/// <summary>A store and what it should hold; edges get windows that all contain the instants asked about.</summary>
internal sealed class EdgeModel
{
    private readonly Random _random;
    private readonly GraphIndex _index = new();
    private readonly uint[] _resources;
    private readonly uint[] _subjects;
    private readonly Dictionary<(uint, uint), List<EdgeVersion>> _versions = [];

    public EdgeModel(Random random, int resources, int subjects)
    {
        _random = random;
        Edges = _index.Edge("document#viewer@user");
        _resources = Numbers(resources);
        _subjects = Numbers(subjects);
    }

    public EdgeStore Edges { get; }
    public ulong Horizon { get; private set; }
    public long HistoryBytes => _index.Memory.HistoryBytes;
    public uint Names => _index.Names("document").Count + _index.Names("user").Count;

    public void Write(ulong revision)
    {
        for (int i = 0; i < 4; i++)
        {
            (uint resource, uint subject) = (_random.Pick(_resources), _random.Pick(_subjects));
            List<EdgeVersion> versions = Of(resource, subject);
            if (versions.Count > 0 && versions[^1].Created == revision || versions.Count > 0 && versions[^1].Deleted == revision) continue;
            if (_random.Next(3) == 0) Remove(revision, resource, subject, versions);
            else Put(revision, resource, subject, versions);
        }
    }

    public void DeleteAll(ulong revision)
    {
        foreach (((uint resource, uint subject), List<EdgeVersion> versions) in _versions) Remove(revision, resource, subject, versions);
    }

    /// <summary>Reclaims behind a revision. Names go with their last edge, so they are bound again for what is written later.</summary>
    public void Sweep(ulong horizon)
    {
        if (horizon <= Horizon) return;
        Horizon = horizon;
        var sweep = new Sweep(_index, new Revision(horizon), Instant.Beginning, Instant.Beginning);
        while (!sweep.IsDone) sweep.Run(TimeSpan.Zero);
        _index.Memory.Limbo.Drain();
    }

    public void Compare(ulong revision)
    {
        List<EdgeVersion> expected = [.. _versions.Values.SelectMany(v => v).Where(v => v.Created <= revision && revision < v.Deleted)];
        foreach (EdgeVersion version in expected)
        {
            Assert.True(Edges.TryFind(version.Resource, version.Subject, revision, out EdgeVersion found));
            Assert.Equal(version.Window, found.Window);
        }
        int resources = 0;
        foreach (IGrouping<uint, EdgeVersion> group in expected.GroupBy(v => v.Resource).Take(200))
        {
            ExpectWalk(Edges.OfResource(group.Key, revision), group.Select(v => v.Subject), v => v.Subject);
            resources++;
        }
        foreach (IGrouping<uint, EdgeVersion> group in expected.GroupBy(v => v.Subject).Take(50))
            ExpectWalk(Edges.OfSubject(group.Key, revision), group.Select(v => v.Resource), v => v.Resource);
        for (int i = 0; i < 200; i++)
        {
            (uint resource, uint subject) = (_random.Pick(_resources), _random.Pick(_subjects));
            bool isThere = expected.Any(v => v.Resource == resource && v.Subject == subject);
            Assert.Equal(isThere, Edges.TryFind(resource, subject, revision, out _));
        }
        var scan = new EdgeScan(_index, Edges, revision, Instant.Never);
        Assert.Equal(expected.Select(v => (v.Resource, v.Subject)).Order(), scan.Slices().SelectMany(s => s).Select(v => (v.Resource, v.Subject)).Order());
    }

    /// <summary>What was written after a revision and stands: told the first time from all there is, then as it was noted.</summary>
    public void CompareWritten(ulong revision) => Assert.Equal(
        _versions.Values.SelectMany(v => v).Where(v => v.Created > revision && v.Deleted == EdgeVersion.NotDeleted).Select(v => (v.Resource, v.Subject, v.Created, v.Window)).Order(ByEdge),
        Edges.WrittenSince(revision).SelectMany(slice => slice).Select(v => (v.Resource, v.Subject, v.Created, v.Window)).Order(ByEdge));

    private static readonly Comparer<(uint Resource, uint Subject, ulong, Window)> ByEdge =
        Comparer<(uint Resource, uint Subject, ulong, Window)>.Create((x, y) => (x.Resource, x.Subject).CompareTo((y.Resource, y.Subject)));

    public static void ExpectWalk(EdgeListWalk walk, IEnumerable<uint> expected, Func<EdgeVersion, uint> end)
    {
        var found = new List<uint>();
        while (walk.MoveNext()) found.Add(end(walk.Current));
        Assert.Equal(expected.OrderBy(EdgeCode.Word), found);
    }

    private void Put(ulong revision, uint resource, uint subject, List<EdgeVersion> versions)
    {
        Window window = _random.Next(4) == 0 ? new Window(new Instant(_random.Next(100)), new Instant(1000 + _random.Next(100))) : Window.Always;
        End(revision, versions);
        Bind(resource, subject);
        Edges.Put(revision, resource, subject, window, 0);
        versions.Add(new EdgeVersion(resource, subject, revision, EdgeVersion.NotDeleted, window, 0));
    }

    private void Remove(ulong revision, uint resource, uint subject, List<EdgeVersion> versions)
    {
        End(revision, versions);
        Edges.TryRemove(revision, resource, subject);
    }

    private static void End(ulong revision, List<EdgeVersion> versions)
    {
        if (versions.Count > 0 && versions[^1].Deleted == EdgeVersion.NotDeleted) versions[^1] = versions[^1] with { Deleted = revision };
    }

    private List<EdgeVersion> Of(uint resource, uint subject)
    {
        if (!_versions.TryGetValue((resource, subject), out List<EdgeVersion>? versions)) _versions.Add((resource, subject), versions = []);
        return versions;
    }

    // a number keeps its name here, whether or not the store freed it in between
    private void Bind(uint resource, uint subject)
    {
        if (!_index.Names("document").IsBound(resource)) _index.Names("document").Bind(resource, $"d{resource}");
        if (!_index.Names("user").IsBound(subject)) _index.Names("user").Bind(subject, $"u{subject}");
    }

    private uint[] Numbers(int count) =>
        [.. Enumerable.Range(0, Math.Min(count, 600)).Select(_ => (uint)_random.Next(1, count + 1)).Append((uint)count).Distinct()];
}
