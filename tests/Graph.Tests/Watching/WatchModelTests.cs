using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Watching;

/// <summary>Random writes beside a model that writes down what each changed; every watch must tell exactly that.</summary>
public sealed class WatchModelTests(ITestOutputHelper output)
{
    private const string Schema = """
        use expiration
        definition user {}
        definition document {
            relation viewer: user | user:* | user with expiration
            relation editor: user
            permission view = viewer
        }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_watch_from_any_token_tells_each_change_once_and_in_order_over_restarts(int backlog)
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var directory = new TemporaryDirectory();
        var model = new Model(random);
        for (int life = 0; life < 3; life++)
        {
            await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions
            {
                Storage = new StorageLocation.Directory(directory.Path),
                Limits = Limits.Default with { WatchBacklog = backlog == 1 ? 1 : Limits.Default.WatchBacklog, TuplesPerMessage = 3 },
            });
            if (life == 0) model.Note(await graph.WriteSchemaAsync(Schema), ["schema"]);
            for (int i = 0; i < 60; i++) await model.WriteAsync(graph);
            // the last few as well: there the log's part and the shared backlog meet
            foreach (int from in Enumerable.Range(1, 5).Select(i => model.Tokens.Count - i).Concat(Enumerable.Range(0, 12).Select(_ => random.Next(model.Tokens.Count))))
                Assert.Equal(model.After(from), await graph.HearAsync(new WatchRequest { After = model.Tokens[from] }, model.Head));
        }
    }

    [Fact]
    public async Task Watchers_that_start_while_others_write_miss_nothing_and_hear_nothing_twice()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        using var directory = new TemporaryDirectory();
        var model = new Model(new Random(seed));
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions
        {
            Storage = new StorageLocation.Directory(directory.Path), Limits = Limits.Default with { WatchBacklog = 200 },
        });
        model.Note(await graph.WriteSchemaAsync(Schema), ["schema"]);
        for (int i = 0; i < 100; i++) await model.WriteAsync(graph);
        var random = new Random(seed + 1);
        var end = new Revision(301);
        List<(int From, Task<List<string>> Heard)> watches = [];
        while (model.Head < end)
        {
            if (watches.Count < 40 && random.Next(4) == 0)
            {
                int from = random.Next(model.Tokens.Count);
                watches.Add((from, graph.HearAsync(new WatchRequest { After = model.Tokens[from] }, end)));
            }
            await model.WriteAsync(graph);
        }
        foreach ((int from, Task<List<string>> heard) in watches) Assert.Equal(model.After(from), await heard);
    }

    [Fact]
    public async Task Two_thousand_watchers_hear_the_same()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        string token = graph.Graph.Snapshot().Token;
        var end = new Revision(21);
        Task<List<string>>[] watchers = [.. Enumerable.Range(0, 2_000).Select(_ => graph.Graph.HearAsync(new WatchRequest { After = token }, end))];
        for (int i = 0; i < 20; i++) await graph.Touch($"document:d{i}#viewer@user:ann");
        string[] expected = [.. Enumerable.Range(0, 20).Select(i => $"{i + 2} created document:d{i}#viewer@user:ann")];
        foreach (Task<List<string>> watcher in watchers) Assert.Equal(expected, await watcher);
    }

    /// <summary>What was written and what each revision changed.</summary>
    private sealed class Model(Random random)
    {
        private readonly Dictionary<string, string> _tuples = [];
        private readonly List<string[]> _changes = [];

        /// <summary>Of revision i + 1; the empty store has none.</summary>
        public List<string> Tokens { get; } = [];
        public Revision Head => new((ulong)_changes.Count);

        /// <summary>The lines of all revisions behind that of a token.</summary>
        public IEnumerable<string> After(int token) =>
            _changes.Skip(token + 1).SelectMany((lines, i) => lines.Select(line => $"{token + 2 + i} {line}"));

        public void Note(WriteReceipt receipt, string[] lines)
        {
            Assert.Equal(Head.Next, receipt.Revision);
            _changes.Add(lines);
            Tokens.Add(receipt.Token);
        }

        public async Task WriteAsync(AuthorizationGraph graph)
        {
            var updates = new Dictionary<string, (UpdateKind Kind, string Text, string? Line)>();
            for (int i = random.Next(1, 9); i > 0; i--) Update(updates);
            string[] lines = [.. updates.Values.Where(u => u.Line is not null).Select(u => u.Line ?? "")];
            WriteReceipt receipt = await graph.WriteAsync(new WriteRequest { Updates = [.. updates.Values.Select(u => new TupleUpdate(u.Kind, RelationTuple.Parse(u.Text)))] });
            if (lines.Length > 0) Note(receipt, lines);
        }

        private void Update(Dictionary<string, (UpdateKind Kind, string Text, string? Line)> updates)
        {
            string key = $"document:d{random.Next(5)}#{(random.Next(4) == 0 ? "editor" : "viewer")}@user:u{random.Next(4)}";
            if (random.Next(10) == 0) key = $"document:d{random.Next(5)}#viewer@user:*";
            if (updates.ContainsKey(key)) return;
            bool windowed = key.Contains("viewer@user:u") && random.Next(2) == 0;
            string text = windowed ? $"{key}[from:2020-01-0{random.Next(1, 4)}T00:00:00Z][expiration:299{random.Next(3)}-01-01T00:00:00Z]" : key;
            _tuples.TryGetValue(key, out string? before);
            if (random.Next(3) == 0)
            {
                _tuples.Remove(key);
                updates[key] = (UpdateKind.Delete, key, before is null ? null : $"deleted {before}");
                return;
            }
            _tuples[key] = text;
            string? line = before is null ? $"created {text}" : before == text ? null : $"touched {text} was {before}";
            updates[key] = (before is null && random.Next(2) == 0 ? UpdateKind.Create : UpdateKind.Touch, text, line);
        }
    }
}
