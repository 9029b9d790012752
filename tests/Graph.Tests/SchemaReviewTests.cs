using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler.Changes;

namespace AuthzGraph.Graph.Tests;

public sealed class SchemaReviewTests
{
    private const string Schema = """
        use expiration
        definition user {}
        definition group { relation member: user }
        definition document {
            relation viewer: user | user with expiration | group#member
            relation editor: user
            permission view = viewer + editor
        }
        """;

    private const string Tuples = """
        document:aaa#viewer@user:ann
        document:aaa#viewer@user:bob
        document:bbb#viewer@user:eve[from:2026-01-01T00:00:00Z][expiration:2999-01-01T00:00:00Z]
        document:bbb#viewer@user:old[from:2020-01-01T00:00:00Z][expiration:2021-01-01T00:00:00Z]
        document:bbb#viewer@group:eng#member
        document:ccc#editor@user:ann
        """;

    [Fact]
    public async Task Every_change_that_tuples_do_not_allow_is_listed_with_their_number_and_one_of_them()
    {
        await using Scenario graph = await Scenario.Of(Schema, Tuples);
        SchemaReview review = await graph.Graph.CheckSchemaAsync("""
            use expiration
            definition user {}
            definition group { relation member: user }
            definition document {
                relation viewer: user with expiration
                permission view = viewer
            }
            """);
        Assert.False(review.IsSafe);
        Assert.Equal(
        [
            "`document#viewer@user` can't be limited to `with expiration`: 2, document:aaa#viewer@user:ann",
            "`document#viewer@group#member` can't be removed: 1, document:bbb#viewer@group:eng#member",
            "`document#editor@user` can't be removed: 1, document:ccc#editor@user:ann",
        ], review.Violations.Select(v => $"{v.Change}: {v.Tuples}, {v.Example}"));
        Assert.Contains(review.Changes, c => c is { Kind: ChangeKind.RelationRemoved, Member: "editor", Widening: Widening.No });
    }

    [Fact]
    public async Task A_review_writes_nothing_and_a_write_agrees_with_it()
    {
        await using Scenario graph = await Scenario.Of(Schema, Tuples);
        Revision before = graph.Graph.Snapshot().Revision;
        string next = Schema.Replace("    relation editor: user\n", "").Replace(" + editor", "");
        SchemaReview unsafeNow = await graph.Graph.CheckSchemaAsync(next);
        Assert.Equal((before, Schema), (graph.Graph.Snapshot().Revision, graph.Graph.Snapshot().Schema.Text));
        var refused = await Assert.ThrowsAsync<RejectionException>(async () => await graph.Graph.WriteSchemaAsync(next));
        SafetyViolation violation = Assert.Single(unsafeNow.Violations);
        Assert.Contains(violation.Change, refused.Message);
        Assert.Contains(violation.Example.ToString(), refused.Message);

        await graph.Delete("document:ccc#editor@user:ann");
        Assert.True((await graph.Graph.CheckSchemaAsync(next)).IsSafe);
        await graph.Graph.WriteSchemaAsync(next);
        Assert.Empty((await graph.Graph.CheckSchemaAsync(next)).Changes);
    }

    [Fact]
    public async Task A_review_of_text_that_does_not_compile_is_its_diagnostics()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        SchemaReview review = await graph.Graph.CheckSchemaAsync("definition document { relation viewer: usr }");
        Assert.False(review.IsSafe);
        Assert.Equal("AZ0201", Assert.Single(review.Diagnostics).Code);
        Assert.Empty(review.Changes);
    }

    [Fact]
    public async Task Before_the_first_schema_everything_is_new()
    {
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Memory() });
        SchemaReview review = await graph.CheckSchemaAsync(Schema);
        Assert.True(review.IsSafe);
        Assert.Equal(["document", "group", "user"], review.Changes.Where(c => c.Kind == ChangeKind.DefinitionAdded).Select(c => c.Definition));
    }

    /// <summary>The look beside the writers and the look as the writer must together see every tuple, whenever it was written.</summary>
    [Fact]
    public async Task A_tuple_written_while_a_schema_is_being_written_is_never_orphaned()
    {
        string without = Schema.Replace("    relation editor: user\n", "").Replace(" + editor", "");
        for (int round = 0; round < 200; round++)
        {
            await using Scenario graph = await Scenario.Of(Schema);
            Task tuple = graph.Touch("document:ccc#editor@user:ann").AsTask();
            Task schema = graph.Graph.WriteSchemaAsync(without).AsTask();
            await Task.WhenAll(Tried(tuple), Tried(schema));
            Assert.True(tuple.IsCompletedSuccessfully ^ schema.IsCompletedSuccessfully, $"round {round}: tuple {tuple.Status}, schema {schema.Status}");
        }
    }

    private static async Task Tried(Task work)
    {
        try { await work; }
        catch (RejectionException) { }
    }
}
