using AuthzGraph.Model;
using static AuthzGraph.Graph.Tests.Scenario;

namespace AuthzGraph.Graph.Tests.Decisions;

public sealed class CaveatTests
{
    private const string Schema = """
        use expiration
        caveat office(user_ip ipaddress, cidr string) { user_ip.in_cidr(cidr) }
        caveat small(amount int, cap int) { amount <= cap }
        definition user {}
        definition group { relation member: user | user with small }
        definition document {
            relation viewer: user | user with office | user with office and expiration | group#member | group#member with small
            relation banned: user with small
            relation needed: group | group with small
            permission view = viewer - banned
            permission both = viewer & needed->member
            permission all_needed = needed.all(member)
        }
        """;

    [Theory]
    [InlineData("""{"user_ip": "10.1.2.3"}""", Outcome.Permitted, "")]
    [InlineData("""{"user_ip": "11.1.2.3"}""", Outcome.Denied, "")]
    [InlineData("""{"user_ip": "11.1.2.3", "cidr": "11.0.0.0/8"}""", Outcome.Denied, "")]
    [InlineData("""{"other": 1}""", Outcome.Conditional, "user_ip")]
    [InlineData(null, Outcome.Conditional, "user_ip")]
    public async Task A_tuple_holds_as_its_caveat_does_and_its_own_context_wins(string? context, Outcome outcome, string missing)
    {
        await using Scenario graph = await Of(Schema, """document:d#viewer@user:ann[office:{"cidr": "10.0.0.0/8"}]""");
        Answer answer = graph.AskWith("document:d#view@user:ann", context);
        Assert.Equal((outcome, missing), (answer.Outcome, string.Join(",", answer.Missing)));
    }

    [Theory]
    [InlineData("document:d#editor@user:ann")]
    [InlineData("document:d#reader@user:*")]
    public async Task A_proof_leaves_out_what_only_context_would_make_true(string proof)
    {
        await using Scenario graph = await Of("""
            caveat small(amount int, cap int) { amount <= cap }
            definition user {}
            definition document {
                relation viewer: user with small
                relation reader: user with small | user:*
                relation editor: user
                permission view = viewer + reader + editor
            }
            """, $"document:d#viewer@user:ann[small]\ndocument:d#reader@user:ann[small]\n{proof}");
        Evidence evidence = new();
        Assert.True(graph.Ask("document:d#view@user:ann", evidence: evidence).IsPermitted);
        Assert.Equal([proof], evidence.Witness.Select(t => t.ToString()));
    }

    [Theory]
    [InlineData("""{"amount": 5}""", Outcome.Denied, "")]
    [InlineData("""{"amount": 50}""", Outcome.Permitted, "")]
    [InlineData(null, Outcome.Conditional, "amount")]
    public async Task A_caveat_on_what_is_subtracted_turns_the_answer_round(string? context, Outcome outcome, string missing)
    {
        await using Scenario graph = await Of(Schema, "document:d#viewer@user:ann\ndocument:d#banned@user:ann[small:{\"cap\": 10}]");
        Answer answer = graph.AskWith("document:d#view@user:ann", context);
        Assert.Equal((outcome, missing), (answer.Outcome, string.Join(",", answer.Missing)));
    }

    [Fact]
    public async Task What_is_missing_is_united_where_both_must_hold_and_dropped_where_one_is_enough()
    {
        await using Scenario graph = await Of(Schema, """
            document:d#viewer@user:ann[office:{"cidr": "10.0.0.0/8"}]
            document:d#needed@group:g
            group:g#member@user:ann[small:{"cap": 10}]
            document:e#viewer@user:ann[office:{"cidr": "10.0.0.0/8"}]
            document:e#viewer@group:all#member
            group:all#member@user:ann
            """);
        Assert.Equal("amount,user_ip", string.Join(",", graph.AskWith("document:d#both@user:ann", null).Missing));
        Assert.Equal(Outcome.Denied, graph.AskWith("document:d#both@user:ann", """{"amount": 11}""").Outcome);
        Answer other = graph.AskWith("document:e#view@user:ann", null);
        Assert.Equal((Outcome.Permitted, 0), (other.Outcome, other.Missing.Length));
    }

    [Fact]
    public async Task All_asks_the_caveat_of_every_edge()
    {
        await using Scenario graph = await Of(Schema, "document:d#needed@group:g[small:{\"cap\": 10}]\ngroup:g#member@user:ann");
        Assert.Equal(Outcome.Permitted, graph.AskWith("document:d#all_needed@user:ann", """{"amount": 1}""").Outcome);
        Assert.Equal(Outcome.Denied, graph.AskWith("document:d#all_needed@user:ann", """{"amount": 11}""").Outcome);
        Assert.Equal(Outcome.Conditional, graph.AskWith("document:d#all_needed@user:ann", null).Outcome);
    }

    [Theory]
    [InlineData("document:d#viewer@user:ann[nothing]", "UNKNOWN_CAVEAT")]
    [InlineData("document:d#viewer@user:ann[small]", "INVALID_TUPLE")]
    [InlineData("document:d#viewer@user:ann[office:{\"cidr\": 5}]", "INVALID_CAVEAT_CONTEXT")]
    [InlineData("document:d#viewer@user:ann[office:{\"nothing\": \"x\"}]", "INVALID_CAVEAT_CONTEXT")]
    [InlineData("document:d#viewer@user:ann[office:[1]]", "INVALID_CAVEAT_CONTEXT")]
    public async Task A_context_that_does_not_fit_is_refused_when_written(string tuple, string reason)
    {
        await using Scenario graph = await Of(Schema);
        var refused = await Assert.ThrowsAsync<RejectionException>(async () => await graph.Touch(tuple));
        Assert.Equal(reason, refused.Reason);
    }

    [Fact]
    public async Task A_question_whose_context_does_not_fit_is_rejected()
    {
        await using Scenario graph = await Of(Schema, """document:d#viewer@user:ann[office:{"cidr": "10.0.0.0/8"}]""");
        Assert.Equal("INVALID_CONTEXT", Assert.Throws<RejectionException>(() => graph.AskWith("document:d#view@user:ann", """{"user_ip": "nonsense"}""")).Reason);
        Assert.Equal("INVALID_CONTEXT", Assert.Throws<RejectionException>(() => graph.AskWith("document:d#view@user:ann", "nonsense")).Reason);
    }

    [Fact]
    public async Task Caveats_are_read_back_and_survive_a_restart()
    {
        string directory = Path.Combine(Path.GetTempPath(), "authzgraph-" + Guid.NewGuid().ToString("N"));
        const string Tuple = """document:d#viewer@user:ann[office:{"cidr":"10.0.0.0/8"}]""";
        try
        {
            var options = new GraphOptions { Storage = new StorageLocation.Directory(directory) };
            await using (AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(options))
            {
                await graph.WriteSchemaAsync(Schema);
                await graph.WriteAsync(new WriteRequest { Updates = [new TupleUpdate(UpdateKind.Create, RelationTuple.Parse(Tuple))] });
            }
            await using (AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(options))
            {
                Snapshot head = graph.Snapshot();
                Assert.Equal([Tuple], head.Read(new TupleFilter { ResourceType = "document" }).Select(t => t.ToString()));
                var question = new CheckQuestion(ObjectRef.Parse("document:d"), "view", SubjectRef.Parse("user:ann"), ContextJson: """{"user_ip": "10.0.0.1"}""");
                Assert.Equal(Outcome.Permitted, head.Check(question).Outcome);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("caveat office(user_ip ipaddress, cidr string) { user_ip.in_cidr(cidr) }", "caveat office(user_ip ipaddress, cidr int) { user_ip.in_cidr(\"10.0.0.0/8\") && cidr > 0 }")]
    [InlineData("user with office | user with office and expiration | ", "user with office and expiration | ")]
    public async Task A_schema_that_takes_the_caveat_from_under_a_tuple_is_refused(string part, string instead)
    {
        await using Scenario graph = await Of(Schema, """document:d#viewer@user:ann[office:{"cidr": "10.0.0.0/8"}]""");
        string changed = Schema.Replace(part, instead, StringComparison.Ordinal);
        Assert.NotEqual(Schema, changed);
        var refused = await Assert.ThrowsAsync<RejectionException>(async () => await graph.Graph.WriteSchemaAsync(changed));
        Assert.Equal("SCHEMA_BREAKS_DATA", refused.Reason);
    }
}
