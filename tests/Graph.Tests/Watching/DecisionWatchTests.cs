using System.Collections.Immutable;
using AuthzGraph.Graph.Tests.Delegating;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Watching;

/// <summary>Watched decisions: the first answers, what writes and the clock make of them, and nothing else.</summary>
public sealed class DecisionWatchTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Each_question_is_answered_once_and_again_when_a_write_changes_it()
    {
        await using Office office = await Office.WithChainAsync();
        await using var watch = new Watch(office, "document:d#view@user:ann", "document:d#view@user:ben", "folder:f#view@agent:buyer by grant:g2");
        Assert.Equal(["0 Permitted None", "1 Denied NoPermission", "2 Permitted None"], (await watch.Next(3)).Order());

        await office.Scenario.Touch("folder:f#viewer@user:ben");
        Assert.Equal(["1 Permitted None"], await watch.Next(1));
        await office.Scenario.Touch("grant:g1#revoked_by@user:ann");
        Assert.Equal(["2 Denied Revoked"], await watch.Next(1));
        await office.Scenario.Touch("user:ben#suspended_by@user:cora");
        Assert.Equal(["1 Denied PresenterSuspended"], await watch.Next(1));
        await office.Scenario.Delete("user:ben#suspended_by@user:cora\nfolder:f#viewer@user:ben");
        Assert.Equal(["1 Denied NoPermission"], await watch.Next(1));
    }

    [Fact]
    public async Task The_clock_changes_answers_too()
    {
        await using Office office = await Office.WithChainAsync();
        await using var watch = new Watch(office, "folder:f#view@agent:planner by grant:g1", "folder:f#view@user:ann");
        DecisionChange[] first = [(await watch.NextChange()), await watch.NextChange()];
        Instant end = first.Single(change => change.Question == 0).Answer.ValidUntil;
        office.Time.Advance(TimeSpan.FromMicroseconds(end.Microseconds - Instant.From(office.Time.GetUtcNow()).Microseconds));
        DecisionChange expired = await watch.NextChange();
        Assert.Equal((0, DenialCode.Expired), (expired.Question, expired.Answer.Code));
        Assert.True(expired.Snapshot.Instant >= end);
    }

    [Fact]
    public async Task A_question_that_could_not_be_answered_is_told_once_the_clock_lets_it_be()
    {
        var time = new FakeTime("2026-01-01T00:00:00Z");
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Memory(), Time = time });
        await graph.WriteSchemaAsync("""
            use expiration
            definition user {}
            definition club { relation member: user; relation barred: club#active with expiration; permission active = member - barred }
            """);
        RelationTuple[] tuples = [RelationTuple.Parse("club:a#member@user:ann"), RelationTuple.Parse("club:a#barred@club:a#active[expiration:2026-01-01T01:00:00Z]")];
        await graph.WriteAsync(new WriteRequest { Updates = [.. tuples.Select(tuple => new TupleUpdate(UpdateKind.Touch, tuple))] });
        await using IAsyncEnumerator<DecisionChange> watch = graph.WatchDecisionsAsync([Question("club:a#active@user:ann")]).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal("CYCLE_THROUGH_EXCLUSION", watch.Current.Error?.Reason);

        ValueTask<bool> next = watch.MoveNextAsync();
        time.Advance(TimeSpan.FromMinutes(61));
        Assert.True(await next.AsTask().WaitAsync(Soon));
        Assert.Equal((null, true), (watch.Current.Error?.Reason, watch.Current.Answer.IsPermitted));
    }

    [Fact]
    public async Task A_new_schema_asks_everything_again_and_what_can_not_be_answered_says_why()
    {
        await using Office office = await Office.OpenAsync();
        await using var watch = new Watch(office, "document:d#view@user:ann", "document:d#fly@user:ann");
        Assert.Equal(["0 Permitted None", "1 UNKNOWN_RELATION"], (await watch.Next(2)).Order());
        await office.Graph.WriteSchemaAsync(Office.Schema.Replace("permission pay = owner", "permission pay = owner\npermission fly = owner"));
        Assert.Equal(["1 Permitted None"], await watch.Next(1));
        await office.Graph.WriteSchemaAsync(Office.Schema.Replace("permission view = owner + folder->view", "permission view = controller"));
        Assert.Equal(["0 Denied NoPermission", "1 UNKNOWN_RELATION"], (await watch.Next(2)).Order());
    }

    [Fact]
    public async Task Many_watchers_hear_the_same_and_those_who_left_cost_nothing()
    {
        await using Office office = await Office.OpenAsync();
        Watch[] watches = [.. Enumerable.Range(0, 50).Select(_ => new Watch(office, "document:d#view@user:ben"))];
        foreach (Watch watch in watches) Assert.Equal(["0 Denied NoPermission"], await watch.Next(1));
        foreach (Watch watch in watches[..25]) await watch.DisposeAsync();
        await office.Scenario.Touch("folder:f#viewer@user:ben");
        foreach (Watch watch in watches[25..]) Assert.Equal(["0 Permitted None"], await watch.Next(1));
        foreach (Watch watch in watches[25..]) await watch.DisposeAsync();
        await using var again = new Watch(office, "document:d#view@user:ben");
        Assert.Equal(["0 Permitted None"], await again.Next(1));
    }

    [Fact]
    public async Task A_reader_that_falls_behind_is_told_so()
    {
        var limits = new Limits { WaitingDecisions = 4 };
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Memory(), Limits = limits });
        await graph.WriteSchemaAsync("definition user {}\ndefinition document { relation viewer: user }");
        await using IAsyncEnumerator<DecisionChange> slow = graph.WatchDecisionsAsync([Question("document:d#viewer@user:ann")]).GetAsyncEnumerator();
        Assert.True(await slow.MoveNextAsync());
        for (int i = 0; i < 20; i++)
        {
            UpdateKind kind = i % 2 == 0 ? UpdateKind.Touch : UpdateKind.Delete;
            await graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(kind, RelationTuple.Parse("document:d#viewer@user:ann"))] });
            await Task.Delay(20);       // each is a round of its own
        }
        var refusal = await Assert.ThrowsAsync<RejectionException>(async () =>
        {
            while (await slow.MoveNextAsync().AsTask().WaitAsync(Soon)) { }
        });
        Assert.Equal("WATCH_TOO_SLOW", refusal.Reason);
    }

    [Fact]
    public async Task A_store_that_closes_ends_its_watches()
    {
        Office office = await Office.OpenAsync();
        await using var watch = new Watch(office, "document:d#view@user:ann");
        await watch.Next(1);
        await office.DisposeAsync();
        Assert.Equal("STORE_CLOSED", (await Assert.ThrowsAsync<RejectionException>(() => watch.NextChange())).Reason);
    }

    [Fact]
    public async Task There_is_a_limit_to_what_one_watch_asks()
    {
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(
            new GraphOptions { Storage = new StorageLocation.Memory(), Limits = new Limits { WatchedDecisions = 2 } });
        CheckQuestion question = Question("document:d#view@user:ann");
        foreach ((ImmutableArray<CheckQuestion> asked, string reason) in (((ImmutableArray<CheckQuestion>, string)[])[([], "EMPTY_WATCH"), ([question, question, question], "TOO_MANY_CHECKS")]))
            Assert.Equal(reason, (await Assert.ThrowsAsync<RejectionException>(async () =>
            {
                await foreach (DecisionChange _ in graph.WatchDecisionsAsync(asked)) { }
            })).Reason);
    }

    /// <summary>Whatever is written, and however late it gets, what a watcher heard last is what a check says.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_was_heard_last_is_what_a_check_says(int seed)
    {
        await using Office office = await Office.WithChainAsync();
        string[] questions = ["document:d#view@user:ben", "document:d#edit@user:ann", "folder:top#view@user:ben", "folder:f#view@agent:buyer by grant:g2",
            "document:d#view@agent:planner by grant:g1", "document:d#controller@user:ben", "folder:f#view@agent:third",
            "document:other#view@user:ben", "document:unheard#edit@user:ben"];
        string[] facts = ["folder:top#viewer@user:ben", "folder:f#viewer@user:ben", "document:d#controller@user:ben", "document:d#owner@user:ann", "user:ann#suspended_by@user:ben",
            "user:ben#suspended_by@user:ann", "fleet:north#suspended_by@user:ann", "agent:buyer#sponsor@user:ben", "team:ops#member@user:ben", "folder:f#parent@folder:top",
            "document:other#owner@user:ben", "document:unheard#owner@user:ben", "document:other#folder@folder:f"];
        var heard = new Answer[questions.Length];
        await using var watch = new Watch(office, questions);
        foreach (string _ in questions) Hear(await watch.NextChange());
        var random = new Random(seed);
        for (int i = 0; i < 150; i++)
        {
            if (random.Next(3) == 0) office.Time.Advance(TimeSpan.FromMinutes(random.Next(1, 20)));
            string fact = random.Next(4) == 0 ? $"agent:{(random.Next(2) == 0 ? "buyer" : "planner")}#suspended_by@user:ann{Soonish()}" : facts[random.Next(facts.Length)];
            await (random.Next(2) == 0 ? office.Scenario.Touch(fact) : office.Scenario.Delete(fact));
            for (int question = 0; question < questions.Length; question++)
            {
                Answer now = office.Graph.Snapshot().Check(Question(questions[question]));
                while (heard[question] with { Missing = [] } != now with { Missing = [] }) Hear(await watch.NextChange());
            }
        }

        string Soonish()
        {
            Instant from = Instant.From(office.Time.GetUtcNow()).Plus(random.Next(-5, 10) * 60_000_000L);
            return $"[from:{from}][expiration:{from.Plus(random.Next(15, 40) * 60_000_000L)}]";
        }

        void Hear(DecisionChange change) => heard[change.Question] = change.Answer;
    }

    private static CheckQuestion Question(string text)
    {
        string[] parts = text.Split(" by ");
        RelationTuple tuple = RelationTuple.Parse(parts[0]);
        return new CheckQuestion(tuple.Resource, tuple.Relation, tuple.Subject, parts.Length > 1 ? Scenario.By(parts[1]) : default);
    }

    private sealed class Watch(Office office, params string[] questions) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private IAsyncEnumerator<DecisionChange>? _changes;

        public async Task<DecisionChange> NextChange()
        {
            _changes ??= office.Graph.WatchDecisionsAsync([.. questions.Select(Question)], _stop.Token).GetAsyncEnumerator();
            Assert.True(await _changes.MoveNextAsync().AsTask().WaitAsync(Soon));
            return _changes.Current;
        }

        /// <summary>So many changes, each as <c>0 Permitted None</c>.</summary>
        public async Task<List<string>> Next(int count)
        {
            List<string> all = [];
            while (all.Count < count)
            {
                DecisionChange change = await NextChange();
                all.Add(change.Error is { } error ? $"{change.Question} {error.Reason}" : $"{change.Question} {change.Answer.Outcome} {change.Answer.Code}");
            }
            return all;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            if (_changes is not null) await _changes.DisposeAsync();
        }
    }
}
