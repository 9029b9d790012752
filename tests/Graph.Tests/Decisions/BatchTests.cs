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

    private const string Mixed = """
        definition user {}
        definition team {}
        definition document {
            relation viewer: user | team
            permission view = viewer
        }
        definition folder {
            relation viewer: user
            relation owner: team
            permission view = viewer
            permission own = owner
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
    public async Task Without_a_schema_each_question_is_rejected()
    {
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Memory() });
        var results = new CheckResult[40];

        graph.Snapshot().CheckBatch([.. Enumerable.Range(0, 40).Select(i => Question($"document:d{i}#view@user:ann"))], results);

        Assert.All(results, result => Assert.Equal("NO_SCHEMA", Word(result)));
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
    public async Task Questions_in_a_batch_may_name_other_types_and_permissions_than_those_before()
    {
        await using Scenario graph = await Scenario.Of(Mixed, "document:x#viewer@user:x\nfolder:x#owner@team:x\nfolder:y#viewer@user:x");
        (string Question, string Expected)[] kinds =
        [
            ("document:x#view@user:x", "permitted"), ("folder:x#view@user:x", "denied"), ("folder:x#own@team:x", "permitted"), ("folder:y#view@user:x", "permitted"),
            ("document:x#own@user:x", "UNKNOWN_RELATION"), ("document:x#view@team:x", "denied"), ("shelf:x#view@user:x", "UNKNOWN_TYPE"),
        ];
        var random = new Random(7);
        (string Question, string Expected)[] asked = [.. Enumerable.Range(0, 500).Select(_ => kinds[random.Next(kinds.Length)])];

        CheckResult[] results = Ask(graph, [.. asked.Select(ask => ask.Question)]);

        Assert.Equal(asked.Select(ask => ask.Expected), results.Select(Word));
    }

    [Fact]
    public async Task What_was_asked_in_one_schema_says_nothing_of_the_next()
    {
        await using Scenario graph = await Scenario.Of(Mixed, "document:x#viewer@user:x\nfolder:y#viewer@user:x");
        string[] questions = ["document:x#view@user:x", "folder:y#view@user:x", "folder:y#own@team:x"];
        Assert.Equal(["permitted", "permitted", "denied"], Ask(graph, questions).Select(Word));

        await graph.Graph.WriteSchemaAsync("definition attic {\n relation viewer: user\n permission own = viewer\n}\n" + Mixed);

        Assert.Equal(["permitted", "permitted", "denied"], Ask(graph, questions).Select(Word));
        await graph.Graph.WriteSchemaAsync(Mixed);      // which has fewer types, permissions and numbers for them

        Assert.Equal(["permitted", "permitted", "denied"], Ask(graph, questions).Select(Word));
        Assert.True(graph.Allows("folder:y#view@user:x"));
    }

    [Fact]
    public async Task Names_of_every_length_and_script_are_told_apart()
    {
        const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";
        string[] ids = [.. Enumerable.Range(1, Letters.Length).Select(length => Letters[..length])];
        string[] alike = [.. ids.SelectMany(id => new[] { id[..^1] + (char)(id[^1] + 0x100), (char)(id[0] + 0x4E00) + id[1..] })];
        await using Scenario graph = await Scenario.Of(Mixed, string.Join('\n', ids.Select(id => $"document:{id}#viewer@user:{id}")));

        Assert.All(Ask(graph, [.. ids.Select(id => $"document:{id}#view@user:{id}")]), result => Assert.Equal("permitted", Word(result)));
        Assert.All(Ask(graph, [.. alike.Select(id => $"document:{id}#view@user:{id}")]), result => Assert.Equal("denied", Word(result)));

        await graph.Touch(string.Join('\n', alike.Select(id => $"document:{id}#viewer@user:{id}")));
        Assert.All(Ask(graph, [.. alike.Concat(ids).Select(id => $"document:{id}#view@user:{id}")]), result => Assert.Equal("permitted", Word(result)));
        Assert.All(Ask(graph, [.. alike.Select(id => $"document:{id}#view@user:{ids[3]}")]), result => Assert.Equal("denied", Word(result)));
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
