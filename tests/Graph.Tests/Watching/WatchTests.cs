using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Watching;

public sealed class WatchTests
{
    private const string Schema = """
        use expiration
        definition user {}
        definition group { relation member: user | group#member }
        definition document {
            relation viewer: user | group#member | user with expiration
            permission view = viewer
        }
        """;

    [Fact]
    public async Task Without_a_token_a_watch_starts_at_the_newest_revision_and_wakes_for_what_comes()
    {
        await using Scenario graph = await Scenario.Of(Schema, "document:aaa#viewer@user:ann");
        await using IAsyncEnumerator<WatchEvent> watch = graph.Graph.WatchAsync(new WatchRequest()).GetAsyncEnumerator();
        Task<string[]> heard = watch.TakeAsync(1);
        WriteReceipt written = await graph.Touch("document:bbb#viewer@user:ann");
        Assert.Equal(["3 created document:bbb#viewer@user:ann"], await heard);
        Assert.Equal((written.Revision, written.CommittedAt, written.Token), (watch.Current.Revision, watch.Current.Instant, watch.Current.Token));
    }

    [Fact]
    public async Task What_is_told_says_what_was_there_before_and_what_the_writer_said()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        await using IAsyncEnumerator<WatchEvent> watch = graph.Graph.WatchAsync(new WatchRequest()).GetAsyncEnumerator();
        string tuple = "document:aaa#viewer@user:ann";
        await graph.Touch($"{tuple}[from:2020-01-01T00:00:00Z][expiration:2999-01-01T00:00:00Z]");
        await graph.Graph.WriteAsync(Touch(tuple) with { MetadataJson = """{ "by": "ann", "ticket": [1, 2] }""" });
        await graph.Delete(tuple);
        Assert.Equal([$"2 created {tuple}[from:2020-01-01T00:00:00Z][expiration:2999-01-01T00:00:00Z]"], await watch.TakeAsync(1));
        Assert.Equal([$"3 touched {tuple} was {tuple}[from:2020-01-01T00:00:00Z][expiration:2999-01-01T00:00:00Z]"], await watch.TakeAsync(1));
        Assert.Equal("""{"by":"ann","ticket":[1,2]}""", Assert.IsType<WatchEvent.Changed>(watch.Current).MetadataJson);
        Assert.Equal([$"4 deleted {tuple}"], await watch.TakeAsync(1));
        Assert.Null(Assert.IsType<WatchEvent.Changed>(watch.Current).MetadataJson);
    }

    [Theory]
    [InlineData("""[1]""", "INVALID_METADATA")]
    [InlineData("""{"a":1,"a":2}""", "INVALID_METADATA")]
    [InlineData("""{"a":"\ud800"}""", "INVALID_METADATA")]
    [InlineData("nonsense", "INVALID_METADATA")]
    [InlineData("long", "METADATA_TOO_LARGE")]
    public async Task Metadata_that_is_no_small_object_is_refused(string json, string reason)
    {
        await using Scenario graph = await Scenario.Of(Schema);
        string text = json == "long" ? $$"""{"a":"{{new string('x', 64 * 1024)}}"}""" : json;
        var refused = await Assert.ThrowsAsync<RejectionException>(async () => await graph.Graph.WriteAsync(Touch("document:aaa#viewer@user:ann") with { MetadataJson = text }));
        Assert.Equal(reason, refused.Reason);
        Assert.Equal(new Revision(1), graph.Graph.Snapshot().Revision);
    }

    [Fact]
    public async Task Filters_let_through_what_matches_any_of_them_and_checkpoints_tell_of_the_rest()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        string token = graph.Graph.Snapshot().Token;
        await graph.Touch("document:abc#viewer@user:ann\ndocument:xyz#viewer@user:ann\ngroup:eng#member@user:bob");
        await graph.Touch("document:xyz#viewer@user:bob");
        await graph.Touch("document:xyz#viewer@group:eng#member");
        WatchRequest request = new()
        {
            After = token,
            Kinds = WatchKinds.Changes | WatchKinds.Checkpoints,
            Filters =
            [
                new TupleFilter { ResourceType = "document", ResourceIdPrefix = "ab" },
                new TupleFilter { Relation = "member" },
                new TupleFilter { Subject = new SubjectFilter("group", "eng", "member") },
            ],
        };
        await using IAsyncEnumerator<WatchEvent> watch = graph.Graph.WatchAsync(request).GetAsyncEnumerator();
        Assert.Equal(
            ["2 created document:abc#viewer@user:ann", "2 created group:eng#member@user:bob", "4 created document:xyz#viewer@group:eng#member"],
            await watch.TakeAsync(2));
        WriteReceipt unmatched = await graph.Touch("document:xyz#viewer@user:eve");
        Assert.Equal(["5 checkpoint"], await watch.TakeAsync(1));
        Assert.Equal(unmatched.Token, watch.Current.Token);
    }

    [Fact]
    public async Task Schemas_are_told_where_they_belong_between_the_writes()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        string token = graph.Graph.Snapshot().Token;
        await graph.Touch("document:aaa#viewer@user:ann");
        await graph.Graph.WriteSchemaAsync(Schema + "\ndefinition folder {}");
        await graph.Touch("document:bbb#viewer@user:ann");
        Assert.Equal(
            ["2 created document:aaa#viewer@user:ann", "3 schema", "4 created document:bbb#viewer@user:ann"],
            await graph.Graph.HearAsync(new WatchRequest { After = token }, new Revision(4)));
        Assert.Equal(["3 schema"], await graph.Graph.HearAsync(new WatchRequest { After = token, Kinds = WatchKinds.Schemas }, new Revision(4)));
    }

    [Fact]
    public async Task A_large_transaction_comes_in_parts_of_which_the_last_has_the_token()
    {
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions
        {
            Storage = new StorageLocation.Memory(), Limits = Limits.Default with { TuplesPerMessage = 2 },
        });
        await graph.WriteSchemaAsync(Schema);
        await using IAsyncEnumerator<WatchEvent> watch = graph.WatchAsync(new WatchRequest()).GetAsyncEnumerator();
        await graph.WriteAsync(Touch([.. Enumerable.Range(0, 5).Select(i => $"document:d{i}#viewer@user:ann")]));
        List<bool> resumable = [];
        for (int i = 0; i < 3; i++)
        {
            await watch.TakeAsync(1);
            resumable.Add(watch.Current.Token is not null);
        }
        Assert.Equal([false, false, true], resumable);
    }

    [Fact]
    public async Task A_watcher_that_falls_too_far_behind_is_told_where_to_resume()
    {
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions
        {
            Storage = new StorageLocation.Memory(), Limits = Limits.Default with { WatchBacklog = 20 },
        });
        await graph.WriteSchemaAsync(Schema);
        await using IAsyncEnumerator<WatchEvent> watch = graph.WatchAsync(new WatchRequest()).GetAsyncEnumerator();
        await graph.WriteAsync(Touch("document:first#viewer@user:ann"));
        await watch.TakeAsync(1);
        string told = watch.Current.Token ?? "";
        for (int i = 0; i < 30; i++) await graph.WriteAsync(Touch($"document:d{i}#viewer@user:ann"));
        RejectionException slow = await Assert.ThrowsAsync<RejectionException>(async () => await watch.MoveNextAsync());
        Assert.Equal((RejectionCode.ResourceExhausted, "WATCH_TOO_SLOW", told), (slow.Code, slow.Reason, slow.Metadata["resume_token"]));
        Assert.Equal(30, (await graph.HearAsync(new WatchRequest { After = told }, new Revision(32))).Count);
    }

    [Fact]
    public async Task What_is_older_than_the_retention_can_t_be_watched_and_the_oldest_revision_is_named()
    {
        var time = new FakeTime("2026-01-01T00:00:00Z");
        await using Scenario graph = await Scenario.Of(Schema, time: time);
        string first = graph.Graph.Snapshot().Token;
        await graph.Touch("document:aaa#viewer@user:ann");
        time.Advance(TimeSpan.FromHours(20));
        await graph.Touch("document:bbb#viewer@user:ann");
        Assert.Equal(2, (await graph.Graph.HearAsync(new WatchRequest { After = first }, new Revision(3))).Count);
        time.Advance(TimeSpan.FromHours(5));
        RejectionException gone = Assert.Throws<RejectionException>(() => graph.Graph.WatchAsync(new WatchRequest { After = first }));
        Assert.Equal((RejectionCode.OutOfRange, "REVISION_GONE", "2"), (gone.Code, gone.Reason, gone.Metadata["oldest_revision"]));
        Assert.Contains("revision", gone.Message);
        Assert.Equal(
            ["3 created document:bbb#viewer@user:ann"],
            await graph.Graph.HearAsync(new WatchRequest { After = gone.Metadata["oldest_token"] }, new Revision(3)));
    }

    [Fact]
    public async Task A_watch_that_can_t_be_is_refused_at_once()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        await using Scenario other = await Scenario.Of(Schema);
        Assert.Equal("EMPTY_WATCH", Refused(new WatchRequest { Kinds = WatchKinds.None }));
        Assert.Equal("TOKEN_OF_ANOTHER_STORE", Refused(new WatchRequest { After = other.Graph.Snapshot().Token }));
        Assert.Equal("UNKNOWN_TYPE", Refused(new WatchRequest { Filters = [new TupleFilter { ResourceType = "nothing" }] }));
        Assert.Equal("EMPTY_FILTER", Refused(new WatchRequest { Filters = [new TupleFilter()] }));

        string Refused(WatchRequest request) => Assert.Throws<RejectionException>(() => graph.Graph.WatchAsync(request)).Reason;
    }

    [Fact]
    public async Task Closing_the_graph_ends_its_watches()
    {
        Scenario graph = await Scenario.Of(Schema);
        await using IAsyncEnumerator<WatchEvent> watch = graph.Graph.WatchAsync(new WatchRequest()).GetAsyncEnumerator();
        Task<bool> next = watch.MoveNextAsync().AsTask();
        await graph.DisposeAsync();
        Assert.Equal("STORE_CLOSED", (await Assert.ThrowsAsync<RejectionException>(() => next)).Reason);
    }

    [Fact]
    public async Task A_cancelled_watch_ends()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        using var cancellation = new CancellationTokenSource();
        await using IAsyncEnumerator<WatchEvent> watch = graph.Graph.WatchAsync(new WatchRequest(), cancellation.Token).GetAsyncEnumerator();
        Task<bool> next = watch.MoveNextAsync().AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private static WriteRequest Touch(params string[] tuples) =>
        new() { Updates = [.. tuples.Select(t => new TupleUpdate(UpdateKind.Touch, RelationTuple.Parse(t)))] };
}
