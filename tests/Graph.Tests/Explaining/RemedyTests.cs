using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Explaining;

/// <summary>What is told to somebody who is denied, as they would read it.</summary>
public sealed class RemedyTests
{
    private const string Plain = """
        use expiration
        definition user {}
        definition group { relation member: user | group#member }
        definition folder { relation viewer: user; permission view = viewer }
        definition document {
            relation folder: folder
            relation viewer: user:* | group#member
            relation cleared: user with expiration
            relation banned: user | group#member
            relation signer: user
            permission view = folder->view + viewer
            permission read = (viewer + signer) - banned
            permission sign = signer & cleared
        }
        """;

    [Theory]
    [InlineData("document:d#view@user:ann", "document:d#folder@folder:f", "Grant folder:f#viewer@user:ann")]
    [InlineData("document:d#view@user:ann", "document:d#viewer@group:g#member", "Grant group:g#member@user:ann")]
    [InlineData("document:d#view@user:ann", "", "")]
    [InlineData("document:d#sign@user:ann", "",
        "Grant document:d#signer@user:ann + Grant document:d#cleared@user:ann[from:2026-01-01T00:00:00Z][expiration:2026-01-01T01:00:00Z]")]
    [InlineData("document:d#read@user:ann", "document:d#signer@user:ann\ndocument:d#banned@user:ann", "Lift document:d#banned@user:ann")]
    [InlineData("document:d#read@user:ann", "document:d#signer@user:ann\ndocument:d#banned@group:g#member\ngroup:g#member@user:ann",
        "Lift group:g#member@user:ann | Lift document:d#banned@group:g#member")]
    public async Task Whoever_lacks_a_permission_is_told_the_fewest_tuples_that_would_give_it(string question, string tuples, string expected)
    {
        await using Scenario graph = await Scenario.Of(Plain, tuples, new ManualTime("2025-12-31T23:00:00Z"));
        Assert.Equal(expected, Told(graph, question));
    }

    [Theory]
    [InlineData(1_000_000, 3)]
    [InlineData(150, 0)]
    public async Task All_that_is_tried_takes_no_more_steps_than_one_check_may(int checkSteps, int ways)
    {
        var options = new GraphOptions { Storage = new StorageLocation.Memory(), Limits = Limits.Default with { CheckSteps = checkSteps } };
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(options);
        await graph.WriteSchemaAsync(Plain);
        await graph.WriteAsync(new WriteRequest
        {
            Updates = [.. Enumerable.Range(0, 40).Select(i => new TupleUpdate(UpdateKind.Touch, RelationTuple.Parse($"document:d#viewer@group:g{i}#member")))],
        });
        Evidence evidence = new() { SeeksRemedies = true };
        RelationTuple asked = RelationTuple.Parse("document:d#view@user:ann");
        Assert.Equal(DenialCode.NoPermission, graph.Snapshot().Check(new CheckQuestion(asked.Resource, asked.Relation, asked.Subject), evidence).Code);
        Assert.Equal(ways, evidence.Remedies.Count);
    }

    private const string Lending = """
        use expiration
        use delegation
        definition user { principal human; relation suspended_by: user }
        definition agent { principal agent; relation sponsor: user; relation suspended_by: user }
        definition grant {
            delegation
            relation delegator: user | agent
            relation delegate: agent with expiration
            relation parent: grant
            relation onward: agent
            relation approver: user
            relation revoked_by: user
            relation view: document
            relation delete: document
        }
        definition document {
            relation viewer: user
            relation owner: user
            permission view = viewer
            permission delete = owner
            delegable view
            delegable delete max ttl 10m approval owner
        }
        """;

    private const string Chain = """
        document:d#viewer@user:ann
        document:d#owner@user:ann
        agent:a#sponsor@user:ann
        agent:b#sponsor@user:ann
        grant:g1#delegator@user:ann
        grant:g1#delegate@agent:a[from:2026-01-01T00:00:00Z][expiration:2026-01-01T00:30:00Z]
        grant:g1#onward@agent:b
        grant:g1#view@document:d
        """;

    [Fact]
    public async Task An_agent_nobody_lent_anything_is_told_who_could_lend_it_what()
    {
        string granted = $"grant:new#delegator@user:ann, grant:new#delegate@agent:b{Until("2026-01-01T01:00:00Z")}, grant:new#view@document:d";
        await using Scenario graph = await Scenario.Of(Lending, Chain, new ManualTime("2025-12-31T23:00:00Z"));
        Assert.Equal($"Delegate {granted}", Told(graph, "document:d#view@agent:b", Scenario.For("user:ann")));
    }

    [Fact]
    public async Task A_hop_that_was_revoked_can_be_given_anew_by_the_agent_above_within_what_it_has_or_by_the_root()
    {
        string second = $"""
            {Chain}
            grant:g2#delegator@agent:a
            grant:g2#delegate@agent:b{Until("2026-01-01T00:20:00Z")}
            grant:g2#parent@grant:g1
            grant:g2#view@document:d
            """;
        await using Scenario graph = await Scenario.Of(Lending, second, new ManualTime("2025-12-31T23:00:00Z"));
        await graph.Touch("grant:g2#revoked_by@user:ann");

        string below = $"grant:new#delegator@agent:a, grant:new#delegate@agent:b{Until("2026-01-01T00:30:00Z")}, grant:new#parent@grant:g1, grant:new#view@document:d";
        string fromRoot = $"grant:new#delegator@user:ann, grant:new#delegate@agent:b{Until("2026-01-01T01:00:00Z")}, grant:new#view@document:d";
        Assert.Equal($"Delegate {below} then grant:new | Delegate {fromRoot} then grant:new", Told(graph, "document:d#view@agent:b", Scenario.By("grant:g2")));
    }

    [Fact]
    public async Task What_wants_an_approval_is_told_with_the_one_who_may_give_it()
    {
        await using Scenario graph = await Scenario.Of(Lending, Chain, new ManualTime("2025-12-31T23:00:00Z"));
        string hop = $"grant:new#delegator@user:ann, grant:new#delegate@agent:a{Until("2026-01-01T00:10:00Z")}, grant:new#delete@document:d";
        Assert.Equal($"Delegate {hop} + Approve grant:new#approver@user:ann", Told(graph, "document:d#delete@agent:a", Scenario.For("user:ann")));
    }

    [Fact]
    public async Task A_suspension_is_told_as_what_it_is()
    {
        await using Scenario graph = await Scenario.Of(Lending, $"{Chain}\nagent:a#suspended_by@user:ann", new ManualTime("2025-12-31T23:00:00Z"));
        Assert.Equal("Resume agent:a#suspended_by@user:ann", Told(graph, "document:d#view@agent:a", Scenario.By("grant:g1")));
    }

    [Fact]
    public async Task Whoever_presents_somebody_elses_hop_is_told_nothing_about_its_chain()
    {
        await using Scenario graph = await Scenario.Of(Lending, Chain, new ManualTime("2025-12-31T23:00:00Z"));
        Assert.Equal("", Told(graph, "document:d#view@agent:b", Scenario.By("grant:g1")));
    }

    [Fact]
    public async Task A_permit_needs_nothing_and_nothing_is_looked_for_unasked()
    {
        await using Scenario graph = await Scenario.Of(Plain, "document:d#viewer@user:*", new ManualTime("2025-12-31T23:00:00Z"));
        Assert.Equal("", Told(graph, "document:d#view@user:ann"));
        Evidence unasked = new();
        graph.Ask("document:d#sign@user:ann", evidence: unasked);
        Assert.Empty(unasked.Remedies);
    }

    [Fact]
    public async Task A_denial_that_too_many_tuples_could_matter_to_is_told_without_a_way_out()
    {
        string tuples = string.Join('\n', Enumerable.Range(0, 300).Select(i => $"document:d#folder@folder:f{i}"));
        Limits few = Limits.Default with { RemedyTuples = 200 };
        await using AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(new GraphOptions { Storage = new StorageLocation.Memory(), Limits = few });
        await graph.WriteSchemaAsync(Plain);
        await graph.WriteAsync(new WriteRequest { Updates = [.. tuples.Split('\n').Select(t => new TupleUpdate(UpdateKind.Touch, RelationTuple.Parse(t)))] });
        Evidence evidence = new() { SeeksRemedies = true };
        Answer answer = graph.Snapshot().Check(new CheckQuestion(ObjectRef.Parse("document:d"), "view", SubjectRef.Parse("user:ann")), evidence);
        Assert.Equal(DenialCode.NoPermission, answer.Code);
        Assert.Empty(evidence.Remedies);
    }

    private static string Until(string end) => $"[from:2026-01-01T00:00:00Z][expiration:{end}]";

    private static string Told(Scenario graph, string question, Acting acting = default)
    {
        Evidence evidence = new() { SeeksRemedies = true };
        graph.Ask(question, acting, "2026-01-01T00:00:00Z", evidence);
        return string.Join(" | ", evidence.Remedies.Select(Text));
    }

    private static string Text(Remedy remedy) =>
        string.Join(" + ", remedy.Steps.Select(s => $"{s.Kind} {string.Join(", ", s.Updates.Select(u => u.Tuple))}")) + (remedy.Delegation is { } hop ? $" then {hop}" : "");
}
