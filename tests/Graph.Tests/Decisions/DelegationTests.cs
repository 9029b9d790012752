using AuthzGraph.Model;
using static AuthzGraph.Graph.Tests.Scenario;

namespace AuthzGraph.Graph.Tests.Decisions;

public sealed class DelegationTests
{
    private const string Schema = """
        use expiration
        use delegation
        caveat small(amount int, cap int) { amount <= cap }
        definition user { principal human; relation suspended_by: user }
        definition team { relation member: user | team#member }
        definition fleet { relation suspended_by: user }
        definition agent {
            principal agent
            within fleet
            relation fleet: fleet
            relation sponsor: user | team#member
            relation suspended_by: user
        }
        definition task {
            task
            relation opened_by: user with expiration | agent with expiration
            relation closed_by: user | agent
            relation parent: task
        }
        definition grant {
            delegation
            relation delegator: user | agent
            relation delegate: agent with expiration | agent with small and expiration
            relation parent: grant
            relation task: task
            relation onward: agent | agent:*
            relation approver: user
            relation revoked_by: user | agent
            relation view: folder | document | document:* | document with small
            relation edit: document
            relation delete: document
        }
        definition folder {
            within parent
            relation parent: folder
            relation viewer: user | team#member
            permission view = viewer + parent->view
            delegable view
        }
        definition document {
            within folder
            relation folder: folder
            relation owner: user
            relation editor: user | team#member
            relation banned: user
            relation robot: agent with expiration
            permission view = (editor + owner + folder->view) - banned
            permission edit = (editor + owner) - banned
            permission delete = owner
            permission share = owner
            permission scan = robot
            autonomous scan
            delegable view
            delegable edit max hops 2 max ttl 1h
            delegable delete max hops 1 max ttl 10m approval owner
        }
        """;

    private const string Tuples = """
        agent:planner#sponsor@user:ana
        agent:pricing#sponsor@team:bosses#member
        agent:buyer#sponsor@user:bo
        team:bosses#member@user:bo
        folder:q3#viewer@team:finance#member
        team:finance#member@user:ana
        document:forecast#folder@folder:q3
        document:plan#folder@folder:q3
        document:plan#editor@user:ana
        document:draft#owner@user:ana
        task:close#opened_by@user:ana[from:2026-11-20T10:00:00Z][expiration:2026-11-20T12:00:00Z]
        grant:a#delegator@user:ana
        grant:a#delegate@agent:planner[from:2026-11-20T10:00:00Z][expiration:2026-11-20T11:00:00Z]
        grant:a#task@task:close
        grant:a#onward@agent:*
        grant:a#view@folder:q3
        grant:a#edit@document:plan
        grant:b#delegator@agent:planner
        grant:b#delegate@agent:pricing[from:2026-11-20T10:05:00Z][expiration:2026-11-20T10:35:00Z]
        grant:b#parent@grant:a
        grant:b#task@task:close
        grant:b#onward@agent:buyer
        grant:b#view@document:*
        grant:c#delegator@agent:pricing
        grant:c#delegate@agent:buyer[from:2026-11-20T10:06:00Z][expiration:2026-11-20T10:20:00Z]
        grant:c#parent@grant:b
        grant:c#task@task:close
        grant:c#view@document:forecast
        grant:c#edit@document:plan
        """;

    private const string Noonish = "2026-11-20T10:10:00Z";

    private static Task<Scenario> Graph(string more = "") => Of(Schema, Tuples + "\n" + more, new ManualTime(Noonish));

    [Fact]
    public async Task Three_hops_permit_what_each_of_them_lends_and_the_root_may_do()
    {
        await using Scenario graph = await Graph();
        var evidence = new Evidence();
        Answer answer = graph.Ask("document:forecast#view@agent:buyer", By("grant:c"), Noonish, evidence);
        Assert.Equal((Outcome.Permitted, DenialCode.None), (answer.Outcome, answer.Code));
        Assert.Equal(Time("2026-11-20T10:20:00Z"), answer.ValidUntil);
        Assert.Equal(["grant:a", "grant:b", "grant:c"], evidence.Chain.Select(h => h.Hop.ToString()));
        Assert.All(evidence.Chain, hop => Assert.Equal(HopVerdict.Holds, hop.Verdict));
        Assert.Equal(new ObjectRef("user", "ana"), evidence.Root);
        Assert.Contains(new Sponsorship(new ObjectRef("agent", "pricing"), new ObjectRef("user", "bo")), evidence.Sponsors);
        Assert.Equal(["document:forecast#folder@folder:q3", "folder:q3#viewer@team:finance#member", "team:finance#member@user:ana"],
            evidence.Witness.Select(t => t.ToString()));
    }

    [Theory]
    [InlineData("document:plan#edit@agent:buyer", "grant:c", "", DenialCode.DepthExceeded, 3, "grant:c")]
    [InlineData("document:plan#edit@agent:pricing", "grant:b", "", DenialCode.ScopePermission, 2, "grant:b")]
    [InlineData("document:plan#view@agent:buyer", "grant:c", "", DenialCode.ScopeResource, 3, "grant:c")]
    [InlineData("document:forecast#view@agent:buyer", "grant:b", "", DenialCode.PresenterMismatch, 1, "grant:b")]
    [InlineData("document:forecast#view@agent:buyer", "grant:zzz", "", DenialCode.HopUnknown, 1, "grant:zzz")]
    [InlineData("document:draft#share@agent:planner", "grant:a", "", DenialCode.NotDelegable, 0, "document:draft")]
    [InlineData("document:forecast#view@agent:buyer", "grant:c", "grant:b#revoked_by@user:ana", DenialCode.Revoked, 2, "grant:b")]
    [InlineData("document:forecast#view@agent:buyer", "grant:c", "task:close#closed_by@user:ana", DenialCode.TaskInactive, 1, "task:close")]
    [InlineData("document:forecast#view@agent:buyer", "grant:c", "agent:pricing#suspended_by@user:bo", DenialCode.PrincipalSuspended, 2, "agent:pricing")]
    [InlineData("document:forecast#view@agent:buyer", "grant:c", "agent:buyer#suspended_by@user:bo", DenialCode.PresenterSuspended, 0, "agent:buyer")]
    [InlineData("document:forecast#view@agent:buyer", "grant:c", "user:bo#suspended_by@user:ana", DenialCode.SponsorInactive, 2, "agent:pricing")]
    [InlineData("document:forecast#view@agent:buyer", "grant:c", "user:ana#suspended_by@user:bo", DenialCode.SponsorInactive, 1, "agent:planner")]
    [InlineData("document:forecast#view@agent:buyer", "grant:c", "document:forecast#banned@user:ana", DenialCode.RootLacksPermission, 0, "user:ana")]
    public async Task One_broken_link_denies_and_is_named(string question, string delegation, string more, DenialCode code, int hop, string about)
    {
        await using Scenario graph = await Graph();
        Assert.True(graph.Allows("document:forecast#view@agent:buyer", By("grant:c"), Noonish));
        if (more.Length > 0) await graph.Touch(more);
        Answer answer = graph.Ask(question, By(delegation), Noonish);
        Assert.Equal((Outcome.Denied, code, hop, about), (answer.Outcome, answer.Code, answer.Hop, answer.Object.ToString()));
    }

    [Theory]
    [InlineData("2026-11-20T10:05:59.999999Z", DenialCode.NotYetValid, 3)]
    [InlineData("2026-11-20T10:06:00Z", DenialCode.None, 0)]
    [InlineData("2026-11-20T10:19:59.999999Z", DenialCode.None, 0)]
    [InlineData("2026-11-20T10:20:00Z", DenialCode.Expired, 3)]
    [InlineData("2026-11-20T10:35:00Z", DenialCode.Expired, 2)]
    public async Task A_hop_ends_to_the_microsecond(string at, DenialCode code, int hop)
    {
        await using Scenario graph = await Graph();
        Answer answer = graph.Ask("document:forecast#view@agent:buyer", By("grant:c"), at);
        Assert.Equal((code, hop), (answer.Code, answer.Hop));
    }

    [Fact]
    public async Task A_schema_that_makes_a_fleet_stop_its_agents_stops_chains_that_held_before()
    {
        await using Scenario graph = await Graph("agent:pricing#sponsor@user:bo\nagent:pricing#fleet@fleet:night\nfleet:night#suspended_by@user:bo");
        await graph.Graph.WriteSchemaAsync(Schema.Replace("within fleet\n", "", StringComparison.Ordinal));
        Remember(graph);
        await graph.Graph.WriteSchemaAsync(Schema);
        Assert.Equal(DenialCode.PrincipalSuspended, graph.Ask("document:forecast#view@agent:buyer", By("grant:c"), Noonish).Code);
    }

    [Fact]
    public async Task A_chain_ends_when_the_last_who_answers_for_an_agent_leaves_a_team_within_a_team()
    {
        await using Scenario graph = await Graph("team:bosses#member@team:chiefs#member\nteam:chiefs#member@user:cy");
        await graph.Delete("team:bosses#member@user:bo");
        Remember(graph);
        await graph.Delete("team:chiefs#member@user:cy");
        Assert.Equal(DenialCode.SponsorInactive, graph.Ask("document:forecast#view@agent:buyer", By("grant:c"), Noonish).Code);
    }

    /// <summary>Has every thread that may go on with the test see that the chain holds.</summary>
    private static void Remember(Scenario graph) =>
        Parallel.For(0, 256, _ => Assert.True(graph.Allows("document:forecast#view@agent:buyer", By("grant:c"), Noonish)));

    [Fact]
    public async Task The_root_and_the_task_are_enough_to_find_the_chain()
    {
        await using Scenario graph = await Graph();
        Assert.True(graph.Allows("document:forecast#view@agent:buyer", For("user:ana"), Noonish));
        Assert.True(graph.Allows("document:forecast#view@agent:buyer", For("user:ana", "task:close"), Noonish));
        Assert.Equal(DenialCode.NoDelegation, graph.Ask("document:forecast#view@agent:buyer", For("user:ana", "task:other"), Noonish).Code);
        Assert.Equal(DenialCode.NoDelegation, graph.Ask("document:forecast#view@agent:buyer", For("user:bo"), Noonish).Code);
    }

    [Fact]
    public async Task Without_acting_an_agent_has_only_what_is_autonomous()
    {
        await using Scenario graph = await Graph("document:plan#robot@agent:buyer[from:2026-11-20T10:00:00Z][expiration:2026-11-20T11:00:00Z]");
        Assert.True(graph.Allows("document:plan#scan@agent:buyer", at: Noonish));
        Assert.Equal(DenialCode.NotAutonomous, graph.Ask("document:plan#view@agent:buyer", at: Noonish).Code);
        Assert.Equal(DenialCode.NoPermission, graph.Ask("document:plan#scan@agent:pricing", at: Noonish).Code);
    }

    [Fact]
    public async Task A_fleet_is_stopped_by_one_write()
    {
        await using Scenario graph = await Graph("agent:pricing#fleet@fleet:all");
        Assert.True(graph.Allows("document:forecast#view@agent:buyer", By("grant:c"), Noonish));
        await graph.Touch("fleet:all#suspended_by@user:bo");
        Assert.Equal(DenialCode.PrincipalSuspended, graph.Ask("document:forecast#view@agent:buyer", By("grant:c"), Noonish).Code);
        await graph.Delete("fleet:all#suspended_by@user:bo");
        Assert.True(graph.Allows("document:forecast#view@agent:buyer", By("grant:c"), Noonish));
    }

    [Fact]
    public async Task Deleting_needs_the_owner_to_approve_this_very_document()
    {
        await using Scenario graph = await Graph();
        await graph.Touch("""
            grant:d#delegator@user:ana
            grant:d#delegate@agent:planner[from:2026-11-20T10:08:00Z][expiration:2026-11-20T10:18:00Z]
            grant:d#task@task:close
            grant:d#delete@document:draft
            """);
        Assert.Equal(DenialCode.ApprovalRequired, graph.Ask("document:draft#delete@agent:planner", By("grant:d"), Noonish).Code);
        await graph.Touch("grant:d#approver@user:bo");
        Assert.Equal(DenialCode.ApprovalRequired, graph.Ask("document:draft#delete@agent:planner", By("grant:d"), Noonish).Code);
        await graph.Touch("grant:d#approver@user:ana");
        Assert.True(graph.Allows("document:draft#delete@agent:planner", By("grant:d"), Noonish));
    }

    [Theory]
    [InlineData("""{"amount": 5}""", "document:forecast", Outcome.Permitted, DenialCode.None)]
    [InlineData("""{"amount": 50}""", "document:forecast", Outcome.Denied, DenialCode.CaveatFalse)]
    [InlineData(null, "document:forecast", Outcome.Conditional, DenialCode.None)]
    [InlineData(null, "document:draft", Outcome.Denied, DenialCode.ScopeResource)]
    public async Task A_hop_holds_as_its_caveat_does(string? context, string resource, Outcome outcome, DenialCode code)
    {
        await using Scenario graph = await Graph("""
            grant:d#delegator@user:ana
            grant:d#delegate@agent:planner[small:{"cap": 10}][from:2026-11-20T10:08:00Z][expiration:2026-11-20T10:18:00Z]
            grant:d#task@task:close
            grant:d#view@document:forecast
            """);
        foreach (Acting acting in new[] { By("grant:d"), For("user:ana", "task:close") })
        {
            if (acting.Root is not null && resource != "document:draft") await graph.Touch("grant:a#revoked_by@user:ana");
            Answer answer = graph.AskWith($"{resource}#view@agent:planner", context, acting, Noonish);
            Assert.Equal((outcome, code), (answer.Outcome, answer.Code));
            Assert.Equal(outcome == Outcome.Conditional ? "amount" : "", string.Join(",", answer.Missing));
        }
    }

    [Fact]
    public async Task Of_several_lent_edges_one_that_holds_is_enough()
    {
        await using Scenario graph = await Graph("""
            grant:d#delegator@user:ana
            grant:d#delegate@agent:planner[from:2026-11-20T10:08:00Z][expiration:2026-11-20T10:18:00Z]
            grant:d#task@task:close
            grant:d#view@document:forecast[small:{"cap": 10}]
            """);
        Assert.Equal(DenialCode.CaveatFalse, graph.AskWith("document:forecast#view@agent:planner", """{"amount": 50}""", By("grant:d"), Noonish).Code);
        Assert.Equal(Outcome.Permitted, graph.AskWith("document:forecast#view@agent:planner", """{"amount": 50}""", For("user:ana"), Noonish).Outcome);
    }
}
