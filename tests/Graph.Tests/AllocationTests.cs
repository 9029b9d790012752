using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests;

public sealed class AllocationTests
{
    [Theory]
    [InlineData("document:forecast#view@user:ana", null, null, true)]
    [InlineData("document:forecast#view@user:nobody", null, null, false)]
    [InlineData("document:plan#edit@user:ana", null, null, true)]
    [InlineData("document:forecast#view@agent:a4", "grant:g4", null, true)]
    [InlineData("document:forecast#view@agent:a4", null, "user:ana", true)]
    [InlineData("document:other#view@agent:a4", "grant:g4", null, false)]
    [InlineData("document:plan#share@agent:a4", "grant:g4", null, false)]
    public async Task A_check_allocates_nothing(string text, string? delegation, string? root, bool permitted)
    {
        await using Scenario graph = await Scenario.Of(ChainSample.Schema, ChainSample.Tuples);
        RelationTuple tuple = RelationTuple.Parse(text);
        var acting = new Acting(delegation is null ? null : ObjectRef.Parse(delegation), root is null ? null : ObjectRef.Parse(root));
        var question = new CheckQuestion(tuple.Resource, tuple.Relation, tuple.Subject, acting);
        for (int i = 0; i < 1_000; i++) Assert.Equal(permitted, Ask(graph.Graph, question));

        // once a second an instant is reserved, and the runtime may still be compiling: neither is a check's doing
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => Allocated(graph.Graph, question)));
    }

    [Fact]
    public async Task A_batch_of_checks_allocates_nothing()
    {
        await using Scenario graph = await Scenario.Of(ChainSample.Schema, ChainSample.Tuples);
        CheckQuestion[] questions = [.. Enumerable.Range(0, 100).Select(i => new CheckQuestion(ObjectRef.Parse("document:forecast"), "view", SubjectRef.Parse(i % 2 == 0 ? "user:ana" : "user:nobody")))];
        questions[7] = new CheckQuestion(ObjectRef.Parse("document:forecast"), "view", SubjectRef.Parse("agent:a4"), Scenario.By("grant:g4"));
        var results = new CheckResult[questions.Length];
        for (int i = 0; i < 200; i++) graph.Graph.Snapshot().CheckBatch(questions, results);

        Assert.Equal(51, results.Count(result => result.Answer.IsPermitted));
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => AllocatedTogether(graph.Graph, questions, results)));
    }

    private static long AllocatedTogether(AuthorizationGraph graph, CheckQuestion[] questions, CheckResult[] results)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++) graph.Snapshot().CheckBatch(questions, results);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static long Allocated(AuthorizationGraph graph, CheckQuestion question)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++) Ask(graph, question);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static bool Ask(AuthorizationGraph graph, in CheckQuestion question) => graph.Snapshot().Check(question).IsPermitted;
}

/// <summary>A root, four hops and a folder: what the allocation tests ask about.</summary>
internal static class ChainSample
{
    public const string Schema = """
        use expiration
        use delegation
        definition user { principal human }
        definition team { relation member: user | team#member }
        definition agent { principal agent; relation sponsor: user | team#member; relation suspended_by: user }
        definition task { task; relation opened_by: user with expiration; relation closed_by: user; relation parent: task }
        definition grant {
            delegation
            relation delegator: user | agent
            relation delegate: agent with expiration
            relation parent: grant
            relation task: task
            relation onward: agent | agent:*
            relation revoked_by: user
            relation view: folder | document
        }
        definition folder { within parent; relation parent: folder; relation viewer: user | team#member; permission view = viewer + parent->view; delegable view }
        definition document {
            within folder
            relation folder: folder
            relation editor: user
            relation banned: user
            permission view = (editor + folder->view) - banned
            permission edit = editor - banned
            permission share = editor
            delegable view
        }
        """;

    public static readonly string Tuples = string.Join('\n', [
        "folder:q3#viewer@team:finance#member",
        "team:finance#member@user:ana",
        "document:forecast#folder@folder:q3",
        "document:plan#editor@user:ana",
        "task:close#opened_by@user:ana[from:2020-01-01T00:00:00Z][expiration:2999-01-01T00:00:00Z]",
        .. Enumerable.Range(1, 4).SelectMany(i => (string[])[
            $"agent:a{i}#sponsor@user:ana",
            $"grant:g{i}#delegator@{(i == 1 ? "user:ana" : $"agent:a{i - 1}")}",
            $"grant:g{i}#delegate@agent:a{i}[from:2020-01-01T00:00:00Z][expiration:2999-01-01T00:00:00Z]",
            $"grant:g{i}#task@task:close",
            $"grant:g{i}#onward@agent:*",
            $"grant:g{i}#view@folder:q3",
            .. i == 1 ? Array.Empty<string>() : [$"grant:g{i}#parent@grant:g{i - 1}"],
        ]),
    ]);
}
