using AuthzGraph.Model;
using static AuthzGraph.Graph.Tests.Delegating.Office;

namespace AuthzGraph.Graph.Tests.Delegating;

public sealed class DescribeTests
{
    [Fact]
    public async Task A_chain_that_holds_is_told_whole()
    {
        await using Office office = await WithChainAsync();
        DelegationReport report = office.Graph.Delegations.Describe(Object("grant:g2"));
        Assert.Equal((DenialCode.None, 0, "user:ann"), (report.Code, report.Hop, report.Root?.ToString()));
        Assert.Equal(
            ["grant:g1 user:ann agent:planner task:t Holds", "grant:g2 agent:planner agent:buyer task:t Holds"],
            report.Chain.Select(hop => $"{hop.Hop} {hop.Delegator} {hop.Delegate} {hop.Task} {hop.Verdict}"));
        Assert.Equal(["agent:planner user:ann", "agent:buyer user:ben"], report.Sponsors.Select(s => $"{s.Agent} {s.Human}"));
        Assert.Equal(["grant:g2#view@folder:f", "grant:g2#edit@document:d"], report.Lends.Select(t => t.ToString()));
        Assert.Equal(["task:t user:ann  True"], report.Tasks.Select(t => $"{t.Task} {t.OpenedBy} {t.ClosedBy} {t.IsOpen}"));
        Assert.Equal(report.Chain[0].Window.ExpiresAt, report.EndsAt);
    }

    [Theory]
    [InlineData("grant:g1#revoked_by@user:ann", "REVOKED", 1, "grant:g1", "Broken Holds")]
    [InlineData("agent:buyer#suspended_by@user:ann", "PRINCIPAL_SUSPENDED", 2, "agent:buyer", "Holds Broken")]
    [InlineData("task:t#closed_by@user:ann", "TASK_INACTIVE", 1, "task:t", "Broken Holds")]
    [InlineData("user:ann#suspended_by@user:ben", "SPONSOR_INACTIVE", 1, "agent:planner", "Broken Holds")]
    public async Task Each_hop_is_judged_by_itself_and_the_first_to_blame_is_named(string broken, string code, int hop, string about, string verdicts)
    {
        await using Office office = await WithChainAsync();
        await office.Scenario.Touch(broken);
        DelegationReport report = office.Graph.Delegations.Describe(Object("grant:g2"));
        Assert.Equal((code, hop, about), (report.Code.ToText(), report.Hop, report.Object?.ToString()));
        Assert.Equal(verdicts, string.Join(' ', report.Chain.Select(h => h.Verdict)));
    }

    [Fact]
    public async Task A_chain_that_is_over_can_still_be_looked_at()
    {
        await using Office office = await WithChainAsync();
        office.Time.Advance(TimeSpan.FromHours(1));
        DelegationReport report = office.Graph.Delegations.Describe(Object("grant:g2"));
        Assert.Equal((DenialCode.Expired, 1), (report.Code, report.Hop));
        Assert.StartsWith("grant:g1#delegate@agent:planner", report.FailedFact?.ToString());
    }

    [Theory]
    [InlineData("agent:buyer", true)]
    [InlineData("agent:planner", true)]
    [InlineData("user:ann", true)]
    [InlineData("user:ben", true)]
    [InlineData("agent:third", false)]
    [InlineData("user:ola", false)]
    public async Task A_chain_is_shown_to_whom_it_concerns(string viewer, bool shown)
    {
        await using Office office = await WithChainAsync();
        if (shown) Assert.Equal(2, office.Graph.Delegations.Describe(Object("grant:g2"), viewer: Object(viewer)).Chain.Length);
        else Assert.Equal("HOP_UNKNOWN", Assert.Throws<RejectionException>(() => office.Graph.Delegations.Describe(Object("grant:g2"), viewer: Object(viewer))).Reason);
    }

    [Fact]
    public async Task There_is_nothing_to_say_of_what_is_not_there()
    {
        await using Office office = await OpenAsync();
        Assert.Equal("HOP_UNKNOWN", Assert.Throws<RejectionException>(() => office.Graph.Delegations.Describe(Object("grant:none"))).Reason);
    }
}
