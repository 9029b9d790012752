using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests;

public sealed class WriteTests
{
    private const string Schema = """
        use expiration
        definition user {}
        definition document {
            relation viewer: user | user with expiration
            relation reviewer: user with expiration
            permission view = viewer
        }
        """;

    [Fact]
    public async Task What_was_written_is_read_back_and_what_was_deleted_is_not()
    {
        await using Scenario graph = await Scenario.Of(Schema, "document:aaa#viewer@user:ann\ndocument:aaa#viewer@user:bob\ndocument:abc#viewer@user:ann");
        await graph.Delete("document:aaa#viewer@user:bob");
        Assert.Equal(["document:aaa#viewer@user:ann", "document:abc#viewer@user:ann"], Read(graph, new TupleFilter { ResourceType = "document" }));
        Assert.Equal(["document:aaa#viewer@user:ann"], Read(graph, new TupleFilter { ResourceType = "document", ResourceId = "aaa" }));
        Assert.Equal(["document:abc#viewer@user:ann"], Read(graph, new TupleFilter { ResourceType = "document", ResourceIdPrefix = "ab" }));
        Assert.Equal(["document:aaa#viewer@user:ann", "document:abc#viewer@user:ann"], Read(graph, new TupleFilter { Subject = new SubjectFilter("user", "ann") }));
        Assert.Empty(Read(graph, new TupleFilter { Subject = new SubjectFilter("user", "nobody") }));
    }

    [Fact]
    public async Task Creating_what_is_there_is_refused_and_nothing_of_the_request_happens()
    {
        await using Scenario graph = await Scenario.Of(Schema, "document:aaa#viewer@user:ann");
        var refused = await Assert.ThrowsAsync<RejectionException>(async () => await graph.Create("document:bbb#viewer@user:ann\ndocument:aaa#viewer@user:ann"));
        Assert.Equal((RejectionCode.AlreadyExists, "TUPLE_EXISTS"), (refused.Code, refused.Reason));
        Assert.False(graph.Allows("document:bbb#view@user:ann"));
    }

    [Fact]
    public async Task Touching_what_is_there_changes_nothing_and_costs_no_revision()
    {
        await using Scenario graph = await Scenario.Of(Schema, "document:aaa#viewer@user:ann");
        WriteReceipt first = await graph.Touch("document:aaa#viewer@user:bob");
        WriteReceipt second = await graph.Touch("document:aaa#viewer@user:bob");
        Assert.Equal(first.Revision, second.Revision);
    }

    [Fact]
    public async Task An_end_without_a_start_starts_at_the_commit_and_keeps_its_start_when_touched_again()
    {
        var time = new ManualTime("2026-01-01T00:00:00Z");
        await using Scenario graph = await Scenario.Of(Schema, "document:aaa#viewer@user:ann[expiration:2026-02-01T00:00:00Z]", time);
        string written = Read(graph, new TupleFilter { ResourceType = "document" }).Single();
        Assert.StartsWith("document:aaa#viewer@user:ann[from:2026-01-01T00:00:00.00000", written);
        time.Set("2026-01-02T00:00:00Z");
        await graph.Touch("document:aaa#viewer@user:ann[expiration:2026-02-01T00:00:00Z]");
        Assert.Equal(written, Read(graph, new TupleFilter { ResourceType = "document" }).Single());
    }

    [Fact]
    public async Task An_expired_tuple_is_absent_to_reads_and_creates()
    {
        var time = new ManualTime("2026-01-01T00:00:00Z");
        await using Scenario graph = await Scenario.Of(Schema, "document:aaa#viewer@user:ann[expiration:2026-02-01T00:00:00Z]", time);
        time.Set("2026-02-01T00:00:00Z");
        Assert.Empty(Read(graph, new TupleFilter { ResourceType = "document" }));
        await graph.Create("document:aaa#viewer@user:ann");
        Assert.True(graph.Allows("document:aaa#view@user:ann"));
    }

    [Fact]
    public async Task A_precondition_that_fails_stops_the_write()
    {
        await using Scenario graph = await Scenario.Of(Schema, "document:aaa#viewer@user:ann");
        var taken = new TupleFilter { ResourceType = "document", ResourceId = "aaa", Relation = "viewer" };
        RejectionException refused = await Refused(graph, Request("document:aaa#viewer@user:bob") with { Preconditions = [new Precondition(PreconditionKind.MustNotMatch, taken)] });
        Assert.Equal("PRECONDITION_FAILED", refused.Reason);
        await graph.Graph.WriteAsync(Request("document:aaa#viewer@user:bob") with { Preconditions = [new Precondition(PreconditionKind.MustMatch, taken)] });
        Assert.True(graph.Allows("document:aaa#view@user:bob"));
    }

    [Fact]
    public async Task The_same_key_does_the_same_request_once_and_another_request_not_at_all()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        WriteRequest request = Request("document:aaa#viewer@user:ann") with { IdempotencyKey = "k1" };
        WriteReceipt first = await graph.Graph.WriteAsync(request);
        await graph.Delete("document:aaa#viewer@user:ann");
        Assert.Equal(first, await graph.Graph.WriteAsync(request));
        Assert.False(graph.Allows("document:aaa#view@user:ann"));
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", (await Refused(graph, Request("document:aaa#viewer@user:bob") with { IdempotencyKey = "k1" })).Reason);
    }

    [Theory]
    [InlineData("document:aaa#view@user:ann", "NOT_A_RELATION")]
    [InlineData("document:aaa#viewer@document:bbb", "SUBJECT_NOT_ALLOWED")]
    [InlineData("document:aaa#viewer@user:*", "SUBJECT_NOT_ALLOWED")]
    [InlineData("document:aaa#reviewer@user:ann", "INVALID_TUPLE")]
    [InlineData("document:aaa#viewer@user:ann[expiration:2020-01-01T00:00:00Z]", "INVALID_TUPLE")]
    [InlineData("document:aaa#viewer@user:ann[somecaveat]", "UNKNOWN_CAVEAT")]
    [InlineData("nothing:aaa#viewer@user:ann", "UNKNOWN_TYPE")]
    [InlineData("document:aaa#viewer@nothing:ann", "UNKNOWN_TYPE")]
    [InlineData("document:aaa#nothing@user:ann", "UNKNOWN_RELATION")]
    public async Task A_tuple_that_does_not_fit_the_schema_is_refused_with_its_reason(string tuple, string reason)
    {
        await using Scenario graph = await Scenario.Of(Schema);
        Assert.Equal(reason, (await Refused(graph, Request(tuple))).Reason);
        Assert.Equal(new Revision(1), graph.Graph.Snapshot().Revision);
    }

    [Fact]
    public async Task The_same_tuple_twice_in_a_request_is_refused()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        WriteRequest twice = Request("document:aaa#viewer@user:ann");
        Assert.Equal("DUPLICATE_UPDATE", (await Refused(graph, twice with { Updates = twice.Updates.AddRange(twice.Updates) })).Reason);
    }

    [Fact]
    public async Task A_tuple_that_was_seen_to_have_ended_stays_ended_when_the_clock_is_set_back()
    {
        const string Grant = "document:aaa#viewer@user:ann[expiration:2026-01-01T10:00:00Z]", Question = "document:aaa#view@user:ann";
        ManualTime time = new("2026-01-01T09:00:00Z");
        await using Scenario graph = await Scenario.Of("use expiration\ndefinition user {}\ndefinition document { relation viewer: user with expiration; permission view = viewer }", Grant, time);
        Assert.True(graph.Allows(Question));
        time.Set("2026-01-01T10:30:00Z");
        Assert.False(graph.Allows(Question));
        time.Set("2026-01-01T09:30:00Z");
        Assert.False(graph.Allows(Question));
        WriteReceipt written = await graph.Create("document:aaa#viewer@user:ann[expiration:2026-01-01T11:00:00Z]");
        Assert.True(written.CommittedAt >= Scenario.Time("2026-01-01T10:30:00Z"), $"{written.CommittedAt}");
        Assert.True(graph.Allows(Question));
    }

    [Fact]
    public async Task Old_revisions_read_as_they_were()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        WriteReceipt before = await graph.Touch("document:aaa#viewer@user:ann");
        await graph.Delete("document:aaa#viewer@user:ann");
        var question = new CheckQuestion(ObjectRef.Parse("document:aaa"), "view", SubjectRef.Parse("user:ann"));
        Assert.False(graph.Graph.Snapshot(new Consistency.AtLeastAsFresh(before.Token)).Check(question).IsPermitted);
        Assert.True(graph.Graph.Snapshot(new Consistency.AtExactSnapshot(before.Token)).Check(question).IsPermitted);
    }

    [Fact]
    public async Task A_token_that_was_changed_or_is_anothers_is_refused()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        await using Scenario other = await Scenario.Of(Schema);
        string token = graph.Graph.Snapshot().Token;
        string changed = token[..^3] + (token[^3] == 'A' ? 'B' : 'A') + token[^2..];
        Assert.Equal("INVALID_TOKEN", Assert.Throws<RejectionException>(() => graph.Graph.Snapshot(new Consistency.AtExactSnapshot(changed))).Reason);
        Assert.Equal("INVALID_TOKEN", Assert.Throws<RejectionException>(() => graph.Graph.Snapshot(new Consistency.AtExactSnapshot("nonsense"))).Reason);
        Assert.Equal("TOKEN_OF_ANOTHER_STORE", Assert.Throws<RejectionException>(() => other.Graph.Snapshot(new Consistency.AtLeastAsFresh(token))).Reason);
    }

    [Theory]
    [InlineData("definition user {}", "document:aaa#viewer@user:ann")]
    [InlineData("use expiration\ndefinition user {}\ndefinition document { relation viewer: user with expiration }", "document:aaa#viewer@user:ann")]
    [InlineData("definition user {}\ndefinition document { relation viewer: user }", "document:bbb#viewer@user:ann")]
    public async Task A_schema_that_would_orphan_a_tuple_is_refused_and_names_one(string schema, string tuple)
    {
        await using Scenario graph = await Scenario.Of(Schema, "document:aaa#viewer@user:ann\ndocument:bbb#viewer@user:ann[from:2026-01-01T00:00:00Z][expiration:2999-01-01T00:00:00Z]");
        if (tuple.StartsWith("document:bbb", StringComparison.Ordinal)) await graph.Delete("document:aaa#viewer@user:ann");
        var refused = await Assert.ThrowsAsync<RejectionException>(async () => await graph.Graph.WriteSchemaAsync(schema));
        Assert.Equal("SCHEMA_BREAKS_DATA", refused.Reason);
        Assert.Contains(tuple, refused.Message);
    }

    [Fact]
    public async Task Everything_is_there_again_after_a_restart()
    {
        string directory = Path.Combine(Path.GetTempPath(), "authzgraph-" + Guid.NewGuid().ToString("N"));
        try
        {
            var options = new GraphOptions { Storage = new StorageLocation.Directory(directory) };
            WriteReceipt old;
            WriteReceipt last;
            WriteRequest keyed = Request("document:ccc#viewer@user:ann") with { IdempotencyKey = "once" };
            await using (AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(options))
            {
                await graph.WriteSchemaAsync(Schema);
                old = await graph.WriteAsync(Request("document:aaa#viewer@user:ann"));
                await graph.WriteAsync(Request("document:bbb#viewer@user:ann"));
                await graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(UpdateKind.Delete, RelationTuple.Parse("document:aaa#viewer@user:ann"))] });
                last = await graph.WriteAsync(keyed);
            }
            await using (AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(options))
            {
                Snapshot head = graph.Snapshot(new Consistency.AtLeastAsFresh(last.Token));
                Assert.Equal(last.Revision, head.Revision);
                Assert.Equal(["document:bbb#viewer@user:ann", "document:ccc#viewer@user:ann"], head.Read(new TupleFilter { ResourceType = "document" }).Select(t => t.ToString()));
                Assert.Equal(["document:aaa#viewer@user:ann"], graph.Snapshot(new Consistency.AtExactSnapshot(old.Token)).Read(new TupleFilter { ResourceType = "document" }).Select(t => t.ToString()));
                Assert.Equal(last, await graph.WriteAsync(keyed));
                Assert.Equal(last.Revision.Next, (await graph.WriteAsync(Request("document:ddd#viewer@user:ann"))).Revision);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Many_writers_at_once_each_get_a_revision_of_their_own_and_lose_nothing()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        WriteReceipt[] receipts = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => graph.Touch($"document:d{i}#viewer@user:ann").AsTask()));
        Assert.Equal(500, receipts.Select(r => r.Revision).Distinct().Count());
        Assert.Equal(500, Read(graph, new TupleFilter { ResourceType = "document" }).Length);
        Assert.Equal(new Revision(501), graph.Graph.Snapshot().Revision);
    }

    private static string[] Read(Scenario graph, TupleFilter filter) => [.. graph.Graph.Snapshot().Read(filter).Select(t => t.ToString())];

    private static WriteRequest Request(string tuple) => new() { Updates = [new TupleUpdate(UpdateKind.Touch, RelationTuple.Parse(tuple))] };

    private static Task<RejectionException> Refused(Scenario graph, WriteRequest request) =>
        Assert.ThrowsAsync<RejectionException>(async () => await graph.Graph.WriteAsync(request));
}
