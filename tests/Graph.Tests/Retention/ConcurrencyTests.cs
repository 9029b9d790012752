using System.Collections.Concurrent;
using System.Collections.Immutable;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>Readers at random old revisions against what was written by then, while one writes, reclaims and gives numbers out again.</summary>
public sealed class ConcurrencyTests(ITestOutputHelper output)
{
    private const string Schema = """
        definition user {}
        definition group { relation member: user }
        definition document { relation viewer: user | group#member; permission view = viewer }
        """;

    private const int Places = 24;
    private const int Revisions = 3_000;

    [Fact]
    public async Task Readers_at_old_revisions_see_what_was_there_while_it_is_reclaimed_behind_them()
    {
        const int Seed = 11;
        output.WriteLine($"seed {Seed}");
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions
        {
            Storage = new StorageLocation.Memory(), Limits = Limits.Default with { HistoryBytes = 40_000 },
        });
        await graph.WriteSchemaAsync(Schema);
        var past = new ConcurrentQueue<Past>();
        past.Enqueue(new Past((await graph.WriteAsync(new WriteRequest())).Token, World.Empty));
        using var stop = new CancellationTokenSource();
        Task<(int Asked, int Refused)>[] readers = [.. Enumerable.Range(1, 3).Select(i => Task.Run(() => ReadUntil(graph, past, new Random(Seed + i), stop.Token)))];
        try { await ChurnAsync(graph, past, new Random(Seed)); }
        finally { await stop.CancelAsync(); }
        (int Asked, int Refused)[] done = await Task.WhenAll(readers);
        output.WriteLine($"{done.Sum(d => d.Asked)} answers, {done.Sum(d => d.Refused)} refused as too old, oldest {graph.OldestRevision}");
        Assert.True(done.Sum(d => d.Asked) > 20_000);
        Assert.True(graph.OldestRevision.Value > Revisions / 2);
    }

    private sealed record Past(string Token, World World);

    /// <summary>Who is a direct viewer, who is a member, and which groups view: by name, since a place's object is replaced now and then.</summary>
    private sealed record World(ImmutableHashSet<(string, string)> Edges)
    {
        public static readonly World Empty = new(ImmutableHashSet<(string, string)>.Empty);

        public bool Views(string document, string user) =>
            Edges.Contains((document, user)) || Edges.Any(e => e.Item1 == document && e.Item2.StartsWith('g') && Edges.Contains((e.Item2, user)));
    }

    private static async Task ChurnAsync(AuthorizationGraph graph, ConcurrentQueue<Past> past, Random random)
    {
        string[] documents = [.. Enumerable.Range(0, Places).Select(i => $"d{i}")];
        string[] groups = [.. Enumerable.Range(0, Places / 3).Select(i => $"g{i}")];
        World world = World.Empty;
        for (int i = 0; i < Revisions; i++)
        {
            var updates = new Dictionary<(string, string), UpdateKind>();
            for (int j = 0; j < 6; j++) Toggle(world, updates, Edge(random, documents, groups));
            if (i % 10 == 0) Rename(world, updates, documents, random);
            WriteReceipt receipt = await graph.WriteAsync(new WriteRequest { Updates = [.. updates.Select(u => new TupleUpdate(u.Value, Tuple(u.Key)))] });
            ImmutableHashSet<(string, string)>.Builder edges = world.Edges.ToBuilder();
            foreach (((string, string) edge, UpdateKind kind) in updates)
                if (kind == UpdateKind.Touch) edges.Add(edge);
                else edges.Remove(edge);
            world = new World(edges.ToImmutable());
            past.Enqueue(new Past(receipt.Token, world));
            while (past.Count > 200) past.TryDequeue(out _);
            if (i % 7 == 0) await graph.ReclaimAsync();
        }
    }

    private static (string, string) Edge(Random random, string[] documents, string[] groups) => random.Next(5) switch
    {
        0 => (documents[random.Next(documents.Length)], groups[random.Next(groups.Length)]),
        1 or 2 => (groups[random.Next(groups.Length)], $"u{random.Next(Places * 3)}"),
        _ => (documents[random.Next(documents.Length)], $"u{random.Next(Places)}"),
    };

    private static void Toggle(World world, Dictionary<(string, string), UpdateKind> updates, (string, string) edge) =>
        updates[edge] = world.Edges.Contains(edge) ? UpdateKind.Delete : UpdateKind.Touch;

    /// <summary>Deletes all edges of a document; whatever is written at its place from here on has another name.</summary>
    private static void Rename(World world, Dictionary<(string, string), UpdateKind> updates, string[] documents, Random random)
    {
        int place = random.Next(documents.Length);
        foreach ((string, string) edge in world.Edges.Where(e => e.Item1 == documents[place])) updates[edge] = UpdateKind.Delete;
        foreach ((string, string) edge in updates.Keys.Where(e => e.Item1 == documents[place] && !world.Edges.Contains(e)).ToArray()) updates.Remove(edge);
        documents[place] += "x";
        if (documents[place].Length > 40) documents[place] = $"d{place}-{random.Next(1_000_000)}";
    }

    private static RelationTuple Tuple((string From, string To) edge) => RelationTuple.Parse((edge.From[0], edge.To[0]) switch
    {
        ('g', _) => $"group:{edge.From}#member@user:{edge.To}",
        (_, 'g') => $"document:{edge.From}#viewer@group:{edge.To}#member",
        _ => $"document:{edge.From}#viewer@user:{edge.To}",
    });

    private static (int Asked, int Refused) ReadUntil(AuthorizationGraph graph, ConcurrentQueue<Past> past, Random random, CancellationToken stop)
    {
        (int asked, int refused) = (0, 0);
        while (!stop.IsCancellationRequested)
        {
            Past[] known = past.ToArray();
            Past then = known[random.Next(known.Length)];
            try
            {
                Snapshot snapshot = graph.Snapshot(new Consistency.AtExactSnapshot(then.Token));
                for (int i = 0; i < 20; i++, asked++) Compare(snapshot, then.World, random);
                if (random.Next(10) == 0) CompareAll(snapshot, then.World);
            }
            catch (RejectionException rejection) when (rejection.Reason == "REVISION_TOO_OLD") { refused++; }
        }
        return (asked, refused);
    }

    private static void Compare(Snapshot snapshot, World world, Random random)
    {
        if (world.Edges.IsEmpty) return;
        string document = world.Edges.ElementAt(random.Next(world.Edges.Count)).Item1;
        if (document[0] == 'g') return;
        string user = $"u{random.Next(Places * 3)}";
        var question = new CheckQuestion(new ObjectRef("document", document), "view", new SubjectRef(new ObjectRef("user", user)));
        Assert.Equal(world.Views(document, user), snapshot.Check(question).IsPermitted);
    }

    private static void CompareAll(Snapshot snapshot, World world)
    {
        IEnumerable<RelationTuple> found = snapshot.Read(new TupleFilter { ResourceType = "document" }).Concat(snapshot.Read(new TupleFilter { ResourceType = "group" }));
        Assert.Equal(world.Edges.Select(e => Tuple(e).ToString()).Order(StringComparer.Ordinal), found.Select(t => t.ToString()).Order(StringComparer.Ordinal));
    }
}
