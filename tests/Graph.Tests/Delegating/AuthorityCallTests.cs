using AuthzGraph.Model;
using static AuthzGraph.Graph.Tests.Delegating.Office;

namespace AuthzGraph.Graph.Tests.Delegating;

/// <summary>Approving, revoking, tasks and suspensions: who may, and what it does.</summary>
public sealed class AuthorityCallTests
{
    private static readonly ObjectRef Payment = Object("grant:pay");

    [Fact]
    public async Task A_human_who_holds_the_approval_permission_approves_what_needs_it()
    {
        await using Office office = await WithPaymentAsync();
        Assert.Equal(DenialCode.ApprovalRequired, office.Check("document:d#pay@agent:planner", "grant:pay").Code);
        WriteReceipt approved = await office.Graph.Delegations.ApproveAsync(new ApproveRequest { By = By("user:cora"), Delegation = Payment });
        Assert.True(office.Check("document:d#pay@agent:planner", "grant:pay").IsPermitted);
        Assert.Equal(approved.Revision, (await office.Graph.Delegations.ApproveAsync(new ApproveRequest { By = By("user:cora"), Delegation = Payment })).Revision);
    }

    [Theory]
    [InlineData("user:ann", "grant:pay", "", "NO_PERMISSION")]
    [InlineData("agent:planner", "grant:pay", "", "APPROVER_NOT_HUMAN")]
    [InlineData("cron:nightly", "grant:pay", "", "APPROVER_NOT_HUMAN")]
    [InlineData("team:ops", "grant:pay", "", "WRONG_ROLE")]
    [InlineData("user:cora", "grant:none", "", "HOP_UNKNOWN")]
    [InlineData("user:cora", "task:t", "", "WRONG_ROLE")]
    [InlineData("user:cora", "grant:pay", "user:cora#suspended_by@user:ann", "PRESENTER_SUSPENDED")]
    [InlineData("user:cora", "grant:pay", "grant:pay#revoked_by@user:ann", "REVOKED")]
    [InlineData("user:cora", "grant:read", "", "NOTHING_TO_APPROVE")]
    public async Task Nobody_else_approves_and_nothing_else_is_approved(string who, string hop, string broken, string reason)
    {
        await using Office office = await WithPaymentAsync();
        await office.Delegate(Hop("read", "user:ann", "agent:planner", "view folder:f") with { Task = Object("task:t") });
        if (broken.Length > 0) await office.Scenario.Touch(broken);
        ValueTask<WriteReceipt> call = office.Graph.Delegations.ApproveAsync(new ApproveRequest { By = By(who), Delegation = Object(hop) });
        Assert.Equal(reason, (await Refused(call)).Reason);
    }

    [Fact]
    public async Task What_has_ended_is_not_approved_any_more()
    {
        await using Office office = await WithPaymentAsync();
        office.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(("EXPIRED", "grant:pay"), await Refused(office.Graph.Delegations.ApproveAsync(new ApproveRequest { By = By("user:cora"), Delegation = Payment })));
    }

    [Theory]
    [InlineData("user:ann", "the root, who lent the first hop")]
    [InlineData("agent:planner", "its own delegator")]
    [InlineData("user:ben", "the sponsor of its delegate")]
    public async Task A_delegator_of_the_chain_and_who_answers_for_an_agent_of_it_revokes(string who, string because)
    {
        await using Office office = await WithChainAsync();
        await office.Graph.Delegations.RevokeAsync(new RevokeRequest { By = By(who), Delegation = Object("grant:g2") });
        Assert.Equal((DenialCode.Revoked, because), (office.Check("folder:f#view@agent:buyer", "grant:g2").Code, because));
        Assert.True(office.Check("folder:f#view@agent:planner", "grant:g1").IsPermitted);
    }

    [Theory]
    [InlineData("user:ola", "grant:g2", "NOT_A_PARTY")]
    [InlineData("agent:buyer", "grant:g2", "NOT_A_PARTY")]
    [InlineData("user:ben", "grant:g1", "NOT_A_PARTY")]
    [InlineData("user:root", "grant:g2", "PRESENTER_SUSPENDED")]
    [InlineData("user:ann", "grant:none", "HOP_UNKNOWN")]
    public async Task Nobody_else_revokes_but_an_administrator(string who, string hop, string reason)
    {
        await using Office office = await WithChainAsync();
        Assert.Equal(reason, (await Refused(office.Graph.Delegations.RevokeAsync(new RevokeRequest { By = By(who), Delegation = Object(hop) }))).Reason);
        await office.Graph.Delegations.RevokeAsync(new RevokeRequest { By = By("user:ola", Standing.Administrator), Delegation = Object("grant:g2") });
        Assert.Equal(DenialCode.Revoked, office.Check("folder:f#view@agent:buyer", "grant:g2").Code);
    }

    [Fact]
    public async Task What_is_revoked_stays_as_it_is()
    {
        await using Office office = await WithChainAsync();
        WriteReceipt first = await office.Graph.Delegations.RevokeAsync(new RevokeRequest { By = By("user:ann"), Delegation = Object("grant:g2") });
        Assert.Equal(first, await office.Graph.Delegations.RevokeAsync(new RevokeRequest { By = By("user:ben"), Delegation = Object("grant:g2") }));
    }

    [Fact]
    public async Task Tasks_are_opened_by_people_and_parts_of_them_by_who_works_on_them()
    {
        await using Office office = await WithChainAsync();
        TaskReceipt whole = await Open(office, "user:ben", "q3", null);
        Assert.Equal("task:q3", whole.Task.ToString());
        TaskReceipt part = await Open(office, "agent:buyer", null, "task:t");
        Assert.Equal(32, part.Task.Id.Length);
        await office.Delegate(Hop("g3", "agent:buyer", "agent:third", "view folder:f", "grant:g2") with { Task = part.Task });
        Assert.True(office.Check("folder:f#view@agent:third", "grant:g3").IsPermitted);
        await office.Graph.Delegations.CloseTaskAsync(new CloseTaskRequest { By = By("agent:buyer"), Task = part.Task });
        Assert.Equal(DenialCode.TaskInactive, office.Check("folder:f#view@agent:third", "grant:g3").Code);
    }

    [Theory]
    [InlineData("agent:buyer", null, "PARENT_NEEDED")]
    [InlineData("agent:third", "task:t", "NOT_A_PARTY")]
    [InlineData("user:ben", "task:t", "NOT_A_PARTY")]
    [InlineData("user:ann", "task:closed", "TASK_INACTIVE")]
    [InlineData("user:ann", "task:unheard", "TASK_INACTIVE")]
    [InlineData("agent:halted", "task:t", "PRESENTER_SUSPENDED")]
    [InlineData("agent:lost", "task:t", "SPONSOR_INACTIVE")]
    [InlineData("user:ann", "folder:f", "WRONG_ROLE")]
    public async Task Nobody_else_opens_a_part_of_a_task(string who, string? parent, string reason)
    {
        await using Office office = await WithChainAsync();
        Assert.Equal(reason, (await Refused(Opening(office, who, "new", parent, default))).Reason);
    }

    [Fact]
    public async Task A_delegate_whose_hop_was_revoked_opens_nothing_any_more()
    {
        await using Office office = await WithChainAsync();
        await office.Graph.Delegations.RevokeAsync(new RevokeRequest { By = By("user:ann"), Delegation = Object("grant:g2") });
        Assert.Equal("NOT_A_PARTY", (await Refused(Opening(office, "agent:buyer", "new", "task:t", default))).Reason);
    }

    [Fact]
    public async Task A_task_needs_an_end_and_an_id_of_its_own()
    {
        await using Office office = await OpenAsync();
        Assert.Equal("INVALID_TERM", (await Refused(Opening(office, "user:ann", "new", null, default))).Reason);
        Assert.Equal("ID_IN_USE", (await Refused(Opening(office, "user:ann", "closed", null, new Term(Lasting: TimeSpan.FromHours(1))))).Reason);
        Assert.Equal("2026-12-31T00:00:00Z", (await Opening(office, "user:ann", "part", "task:t", new Term(Lasting: TimeSpan.FromDays(1_000)))).EndsAt.ToString());
    }

    [Theory]
    [InlineData("user:ann", Standing.Party, null)]
    [InlineData("user:ben", Standing.Party, "NOT_A_PARTY")]
    [InlineData("agent:planner", Standing.Party, "NOT_A_PARTY")]
    [InlineData("user:root", Standing.Administrator, "PRESENTER_SUSPENDED")]
    [InlineData("user:ben", Standing.Administrator, null)]
    public async Task A_task_is_closed_by_its_opener_or_an_administrator(string who, Standing standing, string? reason)
    {
        await using Office office = await WithChainAsync();
        ValueTask<WriteReceipt> call = office.Graph.Delegations.CloseTaskAsync(new CloseTaskRequest { By = By(who, standing), Task = Object("task:t") });
        if (reason is null) await call;
        else Assert.Equal(reason, (await Refused(call)).Reason);
        Assert.Equal(reason is null ? DenialCode.TaskInactive : DenialCode.None, office.Check("folder:f#view@agent:buyer", "grant:g2").Code);
    }

    [Fact]
    public async Task Who_answers_for_an_agent_closes_the_task_it_opened()
    {
        await using Office office = await WithChainAsync();
        TaskReceipt part = await Open(office, "agent:buyer", null, "task:t");
        Assert.Equal("NOT_A_PARTY", (await Refused(office.Graph.Delegations.CloseTaskAsync(new CloseTaskRequest { By = By("user:ola"), Task = part.Task }))).Reason);
        await office.Graph.Delegations.CloseTaskAsync(new CloseTaskRequest { By = By("user:ben"), Task = part.Task });
    }

    [Fact]
    public async Task Who_answers_for_an_agent_suspends_it_and_lifts_that_alone()
    {
        await using Office office = await WithChainAsync(facts: "agent:buyer#sponsor@user:ola");
        await Suspend(office, "user:ben", "agent:buyer");
        await Suspend(office, "user:ola", "agent:buyer");
        Assert.Equal(DenialCode.PresenterSuspended, office.Check("folder:f#view@agent:buyer", "grant:g2").Code);
        Assert.Equal(["user:ola"], (await Resume(office, "user:ben", "agent:buyer")).StillSuspendedBy.Select(by => by.ToString()));
        Assert.Equal(DenialCode.PresenterSuspended, office.Check("folder:f#view@agent:buyer", "grant:g2").Code);
        Assert.Empty((await Resume(office, "user:cora", "agent:buyer", Standing.Administrator)).StillSuspendedBy);
        Assert.True(office.Check("folder:f#view@agent:buyer", "grant:g2").IsPermitted);
    }

    [Theory]
    [InlineData("user:ola", "agent:buyer", "NOT_A_PARTY")]
    [InlineData("agent:planner", "agent:buyer", "NOT_A_PARTY")]
    [InlineData("user:ben", "user:ann", "NOT_A_PARTY")]
    [InlineData("user:ben", "fleet:north", "NOT_A_PARTY")]
    [InlineData("user:ben", "cron:nightly", "NOT_IN_SCHEMA")]
    public async Task Nobody_else_suspends_or_resumes(string who, string whom, string reason)
    {
        await using Office office = await WithChainAsync();
        Assert.Equal(reason, (await Refused(Suspend(office, who, whom))).Reason);
        Assert.Equal(reason, (await Refused(Resume(office, who, whom))).Reason);
    }

    [Fact]
    public async Task An_administrator_stops_a_fleet_and_a_suspension_may_end_by_itself()
    {
        await using Office office = await WithChainAsync();
        await Suspend(office, "user:ben", "fleet:north", Standing.Administrator);
        Assert.Equal(DenialCode.PresenterSuspended, office.Check("folder:f#view@agent:planner", "grant:g1").Code);
        await Resume(office, "user:ben", "fleet:north", Standing.Administrator);
        await office.Graph.Delegations.SuspendAsync(new SuspendRequest { By = By("user:ann"), Principal = Object("agent:planner"), ExpiresAt = Scenario.Time("2026-06-01T00:01:00Z") });
        Assert.Equal(DenialCode.PresenterSuspended, office.Check("folder:f#view@agent:planner", "grant:g1").Code);
        office.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(office.Check("folder:f#view@agent:planner", "grant:g1").IsPermitted);
    }

    private static async Task<Office> WithPaymentAsync()
    {
        Office office = await OpenAsync();
        await office.Delegate(Hop("pay", "user:ann", "agent:planner", "pay document:d") with { Task = Object("task:t") });
        return office;
    }

    private static ValueTask<TaskReceipt> Open(Office office, string who, string? id, string? parent) =>
        Opening(office, who, id, parent, new Term(Lasting: TimeSpan.FromHours(1)));

    private static ValueTask<TaskReceipt> Opening(Office office, string who, string? id, string? parent, Term term) => office.Graph.Delegations.OpenTaskAsync(
        new OpenTaskRequest { By = By(who), Id = id, Parent = parent is null ? null : Object(parent), Term = term });

    private static ValueTask<WriteReceipt> Suspend(Office office, string who, string whom, Standing standing = Standing.Party) =>
        office.Graph.Delegations.SuspendAsync(new SuspendRequest { By = By(who, standing), Principal = Object(whom) });

    private static ValueTask<ResumeReceipt> Resume(Office office, string who, string whom, Standing standing = Standing.Party) =>
        office.Graph.Delegations.ResumeAsync(new ResumeRequest { By = By(who, standing), Principal = Object(whom) });
}
