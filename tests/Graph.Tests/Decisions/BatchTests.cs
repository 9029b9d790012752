using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Decisions;

public sealed class BatchTests
{
    private const string Schema = """
        caveat at_office(ip string) { ip == "10.0.0.1" }
        definition user {}
        definition group { relation member: user | group#member }
        definition document {
            relation viewer: user | user with at_office | group#member
            permission view = viewer
        }
        """;

    [Fact]
    public async Task A_question_that_is_rejected_leaves_the_others_be()
    {
        await using Scenario graph = await Scenario.Of(Schema, "document:plan#viewer@user:ann");

        CheckResult[] results = Ask(graph, "document:plan#view@user:ann", "document:plan#edit@user:ann", "folder:plan#view@user:ann",
            "document:plan#view@robot:ann", "document:plan#view@user:bob", "document:none#view@user:nobody");

        Assert.Equal(["permitted", "UNKNOWN_RELATION", "UNKNOWN_TYPE", "UNKNOWN_TYPE", "denied", "denied"], results.Select(Word));
    }

    [Fact]
    public async Task Each_question_of_a_batch_has_its_own_context()
    {
        await using Scenario graph = await Scenario.Of(Schema, "document:plan#viewer@user:ann[at_office]");
        CheckQuestion question = Question("document:plan#view@user:ann");
        var results = new CheckResult[4];

        graph.Graph.Snapshot().CheckBatch(
            [question, question with { ContextJson = """{"ip": "10.0.0.1"}""" }, question with { ContextJson = """{"ip": "10.0.0.2"}""" }, question], results);

        Assert.Equal(["conditional", "permitted", "denied", "conditional"], results.Select(Word));
        Assert.Equal("ip", Assert.Single(results[3].Answer.Missing));
    }

    [Fact]
    public async Task A_batch_may_be_of_any_length_and_reach_lists_of_any_length()
    {
        const int Documents = 150;
        string members = string.Join('\n', Enumerable.Range(0, 90).Select(i => $"group:all#member@user:u{i}"));
        string viewers = string.Join('\n', Enumerable.Range(0, Documents).SelectMany(d =>
            Enumerable.Range(0, d % 50).Select(u => $"document:d{d}#viewer@user:u{u}").Append($"document:d{d}#viewer@group:{(d % 2 == 0 ? "all" : "none")}#member")));
        await using Scenario graph = await Scenario.Of(Schema);
        foreach (string[] part in $"{members}\n{viewers}".Split('\n').Chunk(1_000)) await graph.Touch(string.Join('\n', part));

        CheckResult[] results = Ask(graph, [.. Enumerable.Range(0, Documents).Select(d => $"document:d{d}#view@user:u{d % 100}")]);

        Assert.Equal(Enumerable.Range(0, Documents).Select(d => d % 100 < d % 50 || d % 2 == 0 && d % 100 < 90 ? "permitted" : "denied"), results.Select(Word));
    }

    [Fact]
    public async Task Fewer_results_than_questions_are_a_mistake_of_the_caller()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        Assert.Throws<ArgumentException>(() => graph.Graph.Snapshot().CheckBatch([Question("document:plan#view@user:ann")], []));
    }

    private static CheckResult[] Ask(Scenario graph, params string[] questions)
    {
        var results = new CheckResult[questions.Length];
        graph.Graph.Snapshot().CheckBatch([.. questions.Select(Question)], results);
        return results;
    }

    private static CheckQuestion Question(string text)
    {
        RelationTuple tuple = RelationTuple.Parse(text);
        return new CheckQuestion(tuple.Resource, tuple.Relation, tuple.Subject);
    }

    private static string Word(CheckResult result) => result.Rejection?.Reason ?? result.Answer.Outcome.ToString().ToLowerInvariant();
}
