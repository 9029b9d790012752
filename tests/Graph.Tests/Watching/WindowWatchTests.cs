using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Watching;

/// <summary>Windows that open and close while somebody watches, by a clock that the tests move.</summary>
public sealed class WindowWatchTests(ITestOutputHelper output)
{
    private const string Schema = """
        use expiration
        definition user {}
        definition document {
            relation viewer: user | user with expiration
            permission view = viewer
        }
        """;

    private static readonly WatchRequest Windows = new() { Kinds = WatchKinds.Changes | WatchKinds.Windows };

    [Fact]
    public async Task Windows_open_and_close_when_their_time_comes()
    {
        var time = new FakeTime("2026-01-01T00:00:00Z");
        await using Scenario graph = await Scenario.Of(Schema, Window("old", "ann", 10, 20), time);
        await using IAsyncEnumerator<WatchEvent> watch = graph.Graph.WatchAsync(Windows).GetAsyncEnumerator();
        await graph.Touch(Window("new", "bob", 15, 20));
        Assert.Equal([$"3 created {Window("new", "bob", 15, 20)}"], await watch.TakeAsync(1));

        Task<string[]> next = watch.TakeAsync(1);
        await Never(next);
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal([$"3 opened {Window("old", "ann", 10, 20)}"], await next);
        Assert.Equal(Scenario.Time("2026-01-01T00:10:00Z"), watch.Current.Instant);

        time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal([$"3 opened {Window("new", "bob", 15, 20)}"], await watch.TakeAsync(1));
        Assert.Equal(
            [$"3 closed {Window("new", "bob", 15, 20)}", $"3 closed {Window("old", "ann", 10, 20)}"],
            await watch.TakeAsync(1));
        Assert.Equal(Scenario.Time("2026-01-01T00:20:00Z"), watch.Current.Instant);
    }

    [Fact]
    public async Task A_window_that_was_replaced_or_deleted_before_its_time_says_nothing()
    {
        var time = new FakeTime("2026-01-01T00:00:00Z");
        await using Scenario graph = await Scenario.Of(Schema, $"{Window("aaa", "ann", 10, 20)}\n{Window("bbb", "ann", 10, 20)}\n{Window("ccc", "ann", 10, 20)}", time);
        await using IAsyncEnumerator<WatchEvent> watch = graph.Graph.WatchAsync(Windows with { Kinds = WatchKinds.Windows }).GetAsyncEnumerator();
        await graph.Delete("document:aaa#viewer@user:ann");
        await graph.Touch(Window("bbb", "ann", 10, 30));
        await graph.Touch("document:ccc#viewer@user:ann");
        Task<string[]> opened = watch.TakeAsync(1);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal([$"5 opened {Window("bbb", "ann", 10, 30)}"], await opened);
        Assert.Equal([$"5 closed {Window("bbb", "ann", 10, 30)}"], await watch.TakeAsync(1));
    }

    [Fact]
    public async Task Filters_hold_for_windows_too()
    {
        var time = new FakeTime("2026-01-01T00:00:00Z");
        await using Scenario graph = await Scenario.Of(Schema, $"{Window("aaa", "ann", 10, 20)}\n{Window("bbb", "ann", 11, 20)}", time);
        WatchRequest request = Windows with { Filters = [new TupleFilter { ResourceType = "document", ResourceId = "bbb" }] };
        await using IAsyncEnumerator<WatchEvent> watch = graph.Graph.WatchAsync(request).GetAsyncEnumerator();
        Task<string[]> opened = watch.TakeAsync(1);
        time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal([$"2 opened {Window("bbb", "ann", 11, 20)}"], await opened);
    }

    [Fact]
    public async Task More_windows_than_one_watcher_may_wait_for_are_refused()
    {
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions
        {
            Storage = new StorageLocation.Memory(), Limits = Limits.Default with { WatchedWindows = 1 },
        });
        await graph.WriteSchemaAsync(Schema);
        await graph.WriteAsync(new WriteRequest
        {
            Updates = [.. "ab".Select(d => new TupleUpdate(UpdateKind.Touch, RelationTuple.Parse($"document:{d}#viewer@user:ann[expiration:2999-01-01T00:00:00Z]")))],
        });
        await using IAsyncEnumerator<WatchEvent> watch = graph.WatchAsync(Windows).GetAsyncEnumerator();
        Assert.Equal("WATCH_WINDOW_LIMIT", (await Assert.ThrowsAsync<RejectionException>(async () => await watch.MoveNextAsync())).Reason);
    }

    // Whoever hears everything from the beginning knows at every instant what holds; and so does whoever resumes anywhere.
    [Fact]
    public async Task Changes_and_windows_together_say_what_holds_at_every_instant_wherever_a_watcher_resumes()
    {
        int seed = Seed.Any();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var time = new FakeTime("2026-01-01T00:00:00Z");
        await using Scenario graph = await Scenario.Of(Schema, time: time);
        WatchRequest everything = Windows with { Kinds = WatchKinds.Changes | WatchKinds.Windows | WatchKinds.Checkpoints, CheckpointEvery = TimeSpan.FromDays(1) };
        string start = graph.Graph.Snapshot().Token;
        for (int i = 0; i < 80; i++)
        {
            string tuple = Window($"d{random.Next(4)}", $"u{random.Next(3)}", i + random.Next(-3, 15), i + random.Next(16, 30));
            if (random.Next(4) == 0) await graph.Delete(tuple.Split('[')[0]);
            else await graph.Touch(tuple);
            if (random.Next(3) > 0) time.Advance(TimeSpan.FromMinutes(1));
        }
        List<WatchEvent> all = await UntilCheckpoint(everything with { After = start });
        Assert.Contains(all, told => told is WatchEvent.WindowsChanged);
        Assert.Equal(all.OrderBy(told => told.Instant).ThenBy(told => told.Revision).Select(Text), all.Select(Text));
        foreach (WatchEvent at in all.Where(told => told.Token is not null))
        {
            List<WatchEvent> rest = await UntilCheckpoint(everything with { After = at.Token, WindowsAfter = at.Instant });
            int told = all.IndexOf(at) + 1;
            if (at is not WatchEvent.Checkpoint) Assert.Equal(all.Skip(told).Select(Text), rest.Select(Text));
        }
        var holding = new HashSet<string>();
        foreach (WatchEvent told in all)
        {
            Follow(holding, told);
            Snapshot snapshot = graph.Graph.Snapshot(new Consistency.AtExactSnapshot(told.Token ?? "")).At(told.Instant);
            IEnumerable<string> read = snapshot.Read(new TupleFilter { ResourceType = "document" }).Where(t => t.Window.Contains(told.Instant)).Select(Key);
            Assert.Equal(read.Order(StringComparer.Ordinal), holding.Order(StringComparer.Ordinal));
        }

        async Task<List<WatchEvent>> UntilCheckpoint(WatchRequest request)
        {
            List<WatchEvent> heard = [];
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await foreach (WatchEvent told in graph.Graph.WatchAsync(request, patience.Token))
            {
                heard.Add(told);
                if (told is WatchEvent.Checkpoint) break;
            }
            return heard;
        }
    }

    private static void Follow(HashSet<string> holding, WatchEvent told)
    {
        if (told is WatchEvent.Changed changed)
            foreach (TupleChange change in changed.Changes)
                if (change.Kind != TupleChangeKind.Deleted && change.Tuple.Window.Contains(told.Instant)) holding.Add(Key(change.Tuple));
                else holding.Remove(Key(change.Tuple));
        if (told is not WatchEvent.WindowsChanged windows) return;
        foreach (WindowChange change in windows.Changes)
            Assert.True(change.Kind == WindowChangeKind.Opened ? holding.Add(Key(change.Tuple)) : holding.Remove(Key(change.Tuple)), Text(told));
    }

    private static string Text(WatchEvent told) => $"{told.Instant}: {string.Join("; ", WatchText.Lines(told))}";

    private static string Key(RelationTuple tuple) => $"{tuple.Resource}#{tuple.Relation}@{tuple.Subject}";

    private static string Window(string document, string user, int fromMinute, int untilMinute) =>
        $"document:{document}#viewer@user:{user}[from:{Minute(fromMinute)}][expiration:{Minute(untilMinute)}]";

    private static Instant Minute(int minute) => Scenario.Time("2026-01-01T00:00:00Z").Plus(minute * 60_000_000L);

    private static async Task Never(Task task)
    {
        await Task.Delay(50);
        Assert.False(task.IsCompleted);
    }
}
