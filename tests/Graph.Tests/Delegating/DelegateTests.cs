using AuthzGraph.Model;
using static AuthzGraph.Graph.Tests.Delegating.Office;

namespace AuthzGraph.Graph.Tests.Delegating;

public sealed class DelegateTests
{
    [Fact]
    public async Task What_is_lent_can_be_done_at_once()
    {
        await using Office office = await WithChainAsync();
        Assert.True(office.Check("document:d#view@agent:buyer", "grant:g2").IsPermitted);
        Assert.True(office.Check("document:d#edit@agent:buyer", "grant:g2").IsPermitted);
        Assert.Equal(DenialCode.ScopePermission, office.Check("document:d#pay@agent:buyer", "grant:g2").Code);
    }

    [Fact]
    public async Task An_id_that_is_not_given_is_picked_and_is_never_the_same()
    {
        await using Office office = await OpenAsync();
        DelegateRequest request = Hop(null, "user:ann", "agent:planner", "view document:d") with { Task = Object("task:t") };
        DelegationReceipt one = await office.Delegate(request);
        DelegationReceipt other = await office.Delegate(request);
        Assert.Equal(("grant", 32), (one.Delegation.Type, one.Delegation.Id.Length));
        Assert.NotEqual(one.Delegation, other.Delegation);
        Assert.True(office.Check("document:d#view@agent:planner", one.Delegation.ToString()).IsPermitted);
    }

    [Theory]
    [InlineData("view folder:f", "2026-12-31T00:00:00Z")]                   // the task's end
    [InlineData("view folder:f, edit document:d", "2026-06-01T01:00:00Z")]   // max ttl 1h
    [InlineData("edit document:d, pay document:d", "2026-06-01T00:10:00Z")]  // max ttl 10m
    public async Task Without_an_end_it_lasts_as_long_as_it_may(string lends, string end)
    {
        await using Office office = await OpenAsync();
        DelegationReceipt receipt = await office.Delegate(Hop("g", "user:ann", "agent:planner", lends) with { Task = Object("task:t"), Term = default });
        long rounding = receipt.EndsAt.Microseconds - Scenario.Time(end).Microseconds;      // it begins at its commit
        Assert.InRange(rounding, 0, 100);
    }

    [Fact]
    public async Task The_end_that_is_told_is_that_of_the_whole_chain()
    {
        await using Office office = await WithChainAsync();
        Window first = Assert.Single(office.Graph.Snapshot().Read(new TupleFilter { ResourceType = "grant", ResourceId = "g1", Relation = "delegate" })).Window;
        DelegationReceipt third = await office.Delegate(Hop("g3", "agent:buyer", "agent:third", "view document:d", "grant:g2") with { Term = default });
        Assert.Equal(first.ExpiresAt, third.EndsAt);
    }

    [Fact]
    public async Task The_task_of_the_hop_before_is_taken_over()
    {
        await using Office office = await WithChainAsync();
        Assert.Equal(["task:t"], office.Graph.Snapshot().Read(new TupleFilter { ResourceId = "g2", Relation = "task" }).Select(t => t.Subject.ToString()));
    }

    [Fact]
    public async Task A_service_begins_a_chain_and_a_caveat_may_stay_open()
    {
        await using Office office = await OpenAsync();
        await office.Delegate(Hop("g", "cron:nightly", "agent:planner", "view folder:f at_work") with
        {
            Task = Object("task:t"),
            Caveat = new CaveatRef("at_work"),
        });
        Acting acting = Scenario.By("grant:g");
        Assert.Equal("hour", Assert.Single(office.Check("folder:f#view@agent:planner", "grant:g").Missing));
        Assert.True(office.Scenario.AskWith("folder:f#view@agent:planner", """{"hour": 9}""", acting).IsPermitted);
        Assert.Equal(DenialCode.CaveatFalse, office.Scenario.AskWith("folder:f#view@agent:planner", """{"hour": 19}""", acting).Code);
    }

    [Theory]
    [InlineData("agent:planner", "agent:buyer", "view folder:f", null, "CUSTODY_BROKEN", "grant:new")]
    [InlineData("user:root", "agent:buyer", "view folder:f", null, "PRESENTER_SUSPENDED", "user:root")]
    [InlineData("agent:third", "agent:fourth", "view folder:f", "grant:g2", "PRESENTER_MISMATCH", "grant:g2")]
    [InlineData("agent:buyer", "agent:fourth", "view folder:f", "grant:none", "PRESENTER_MISMATCH", "grant:none")]
    [InlineData("agent:buyer", "agent:planner", "view folder:f", "grant:g2", "CYCLE", "agent:planner")]
    [InlineData("agent:buyer", "agent:buyer", "view folder:f", "grant:g2", "CYCLE", "agent:buyer")]
    [InlineData("agent:buyer", "agent:halted", "view folder:f", "grant:g2", "PRINCIPAL_SUSPENDED", "agent:halted")]
    [InlineData("agent:buyer", "agent:lost", "view folder:f", "grant:g2", "SPONSOR_INACTIVE", "agent:lost")]
    [InlineData("agent:buyer", "agent:unheard", "view folder:f", "grant:g2", "SPONSOR_MISSING", "agent:unheard")]
    [InlineData("agent:buyer", "agent:third", "pay document:d", "grant:g2", "SCOPE_PERMISSION", "grant:g1")]
    [InlineData("agent:buyer", "agent:third", "view document:other", "grant:g2", "SCOPE_RESOURCE", "grant:g1")]
    [InlineData("agent:buyer", "agent:third", "view document:*", "grant:g2", "SCOPE_RESOURCE", "grant:g1")]
    [InlineData("agent:buyer", "agent:third", "view folder:top", "grant:g2", "SCOPE_RESOURCE", "grant:g1")]
    [InlineData("agent:buyer", "agent:third", "share document:d", "grant:g2", "NOT_DELEGABLE", "document:d")]
    [InlineData("agent:buyer", "agent:third", "edit document:d", "grant:g2", "DEPTH_EXCEEDED", "grant:new")]
    [InlineData("user:ben", "agent:planner", "view document:d", null, "ROOT_LACKS_PERMISSION", "user:ben")]
    public async Task What_a_check_would_deny_is_refused_with_its_code(string from, string to, string lends, string? parent, string code, string about)
    {
        await using Office office = await WithChainAsync();
        DelegateRequest request = Hop("new", from, to, lends, parent) with { Task = parent is null ? Object("task:t") : null };
        Assert.Equal((code, about), await Refused(office.Delegate(request)));
        Assert.Empty(office.Graph.Snapshot().Read(new TupleFilter { ResourceType = "grant", ResourceId = "new" }));
    }

    [Theory]
    [InlineData("grant:g1#revoked_by@user:ann", "REVOKED", "grant:g1")]
    [InlineData("task:t#closed_by@user:ann", "TASK_INACTIVE", "task:t")]
    [InlineData("agent:planner#suspended_by@user:ann", "PRINCIPAL_SUSPENDED", "agent:planner")]
    [InlineData("fleet:north#suspended_by@user:ann", "PRINCIPAL_SUSPENDED", "agent:planner")]
    [InlineData("agent:buyer#suspended_by@user:ann", "PRESENTER_SUSPENDED", "agent:buyer")]
    [InlineData("user:ann#suspended_by@user:ben", "ROOT_SUSPENDED", "user:ann")]
    [InlineData("folder:f#parent@folder:g", null, null)]
    public async Task A_chain_that_is_broken_further_up_lends_nothing(string broken, string? code, string? about)
    {
        await using Office office = await WithChainAsync(facts: "agent:planner#sponsor@user:ben\nagent:buyer#sponsor@user:ola");
        await office.Scenario.Touch(broken);
        ValueTask<DelegationReceipt> call = office.Delegate(Hop("new", "agent:buyer", "agent:third", "view folder:f", "grant:g2"));
        if (code is null) await call;
        else Assert.Equal((code, about), await Refused(call));
    }

    [Theory]
    [InlineData(null, "TASK_MISSING", "grant:new")]
    [InlineData("task:closed", "TASK_INACTIVE", "task:closed")]
    [InlineData("task:unheard", "TASK_INACTIVE", "task:unheard")]
    public async Task The_first_hop_needs_an_open_task(string? task, string code, string about)
    {
        await using Office office = await OpenAsync();
        DelegateRequest request = Hop("new", "user:ann", "agent:planner", "view folder:f") with { Task = task is null ? null : Object(task) };
        Assert.Equal((code, about), await Refused(office.Delegate(request)));
    }

    [Fact]
    public async Task A_later_hop_stays_in_the_task_or_under_it()
    {
        const string Tasks = "task:elsewhere#opened_by@user:ann[expiration:2026-12-31T00:00:00Z]\ntask:part#opened_by@user:ann[expiration:2026-12-31T00:00:00Z]\ntask:part#parent@task:t";
        await using Office office = await WithChainAsync(facts: Tasks);
        DelegateRequest request = Hop("g3", "agent:buyer", "agent:third", "view folder:f", "grant:g2");
        Assert.Equal(("TASK_MISMATCH", "grant:g3"), await Refused(office.Delegate(request with { Task = Object("task:elsewhere") })));
        await office.Delegate(request with { Task = Object("task:part") });
        Assert.True(office.Check("folder:f#view@agent:third", "grant:g3").IsPermitted);
    }

    [Fact]
    public async Task Only_who_is_named_onward_may_get_it()
    {
        await using Office office = await OpenAsync();
        await office.Delegate(Hop("g1", "user:ann", "agent:planner", "view folder:f") with { Task = Object("task:t"), Onward = [Object("agent:buyer")] });
        Assert.Equal(("REDELEGATION_FORBIDDEN", "grant:g2"), await Refused(office.Delegate(Hop("g2", "agent:planner", "agent:third", "view folder:f", "grant:g1"))));
        await office.Delegate(Hop("g2", "agent:planner", "agent:buyer", "view folder:f", "grant:g1"));
        Assert.Equal(("REDELEGATION_FORBIDDEN", "grant:g3"), await Refused(office.Delegate(Hop("g3", "agent:buyer", "agent:third", "view folder:f", "grant:g2"))));
    }

    [Fact]
    public async Task A_hop_lasts_no_longer_than_the_one_before_and_than_allowed()
    {
        await using Office office = await WithChainAsync();
        DelegateRequest request = Hop("g3", "agent:buyer", "agent:third", "view folder:f", "grant:g2");
        Assert.Equal(("EXPIRED", "grant:g2"), await Refused(office.Delegate(request with { Term = new Term(Lasting: TimeSpan.FromMinutes(11)) })));
        Assert.Equal(("NOT_YET_VALID", "grant:g2"), await Refused(office.Delegate(request with
        {
            Term = new Term(Scenario.Time("2026-05-31T00:00:00Z"), Scenario.Time("2026-06-01T00:05:00Z")),
        })));
        DelegateRequest first = Hop("h", "user:ann", "agent:planner", "edit document:d") with { Task = Object("task:t") };
        Assert.Equal(("TTL_LIMIT", "grant:h"), await Refused(office.Delegate(first with { Term = new Term(Lasting: TimeSpan.FromMinutes(61)) })));
        await office.Delegate(first with { Term = new Term(Lasting: TimeSpan.FromMinutes(60)) });
    }

    [Fact]
    public async Task After_its_end_a_hop_lends_nothing_on()
    {
        await using Office office = await WithChainAsync();
        office.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(("EXPIRED", "grant:g1"), await Refused(office.Delegate(Hop("g3", "agent:buyer", "agent:third", "view folder:f", "grant:g2"))));
    }

    [Fact]
    public async Task A_caveat_further_up_that_is_false_lends_nothing_on()
    {
        await using Office office = await OpenAsync();
        CaveatRef never = new("never", """{"hour": 1}""");
        await office.Delegate(Hop("g1", "user:ann", "agent:planner", "") with
        {
            Task = Object("task:t"), Lends = [new Lending("view", Object("document:d"), never)], Onward = [Object("agent:*")],
        });
        Assert.Equal(("CAVEAT_FALSE", "grant:g1"), await Refused(office.Delegate(Hop("g2", "agent:planner", "agent:buyer", "view document:d", "grant:g1"))));
    }

    [Fact]
    public async Task What_only_objects_within_may_be_done_to_is_lent_on_what_they_are_within()
    {
        await using Office office = await OpenAsync();
        await office.Delegate(Hop("g", "user:ann", "agent:planner", "edit folder:f") with { Task = Object("task:t") });
        Assert.True(office.Check("document:d#edit@agent:planner", "grant:g").IsPermitted);
        Assert.Equal(DenialCode.ScopeResource, office.Check("document:other#edit@agent:planner", "grant:g").Code);
    }

    [Fact]
    public async Task All_objects_of_a_type_are_lent_on_by_who_has_all()
    {
        await using Office office = await WithChainAsync(lends: "view document:*");
        await office.Delegate(Hop("g3", "agent:buyer", "agent:third", "view document:*, view document:other", "grant:g2"));
        Assert.True(office.Check("document:other#view@agent:third", "grant:g3").IsPermitted);
    }

    [Theory]
    [InlineData("g1", "ID_IN_USE")]
    [InlineData("bad id", "INVALID_REFERENCE")]
    [InlineData("*", "WILDCARD_NOT_ALLOWED")]
    public async Task An_id_is_used_once_and_is_one(string id, string reason)
    {
        await using Office office = await WithChainAsync();
        DelegateRequest request = Hop(id, "user:ann", "agent:planner", "view folder:f") with { Task = Object("task:t") };
        Assert.Equal(reason, (await Refused(office.Delegate(request))).Reason);
    }

    [Fact]
    public async Task An_id_that_something_names_already_is_not_taken()
    {
        await using Office office = await OpenAsync();
        await office.Scenario.Touch("grant:g2#delegator@agent:planner\ngrant:g2#delegate@agent:buyer[expiration:2026-12-31T00:00:00Z]\ngrant:g2#parent@grant:g1\ngrant:g2#task@task:t");
        Assert.Equal("ID_IN_USE", (await Refused(office.Delegate(Hop("g1", "user:ann", "agent:planner", "view folder:f") with { Task = Object("task:t") }))).Reason);
    }

    [Fact]
    public async Task Forms_that_make_no_hop_are_refused()
    {
        await using Office office = await OpenAsync();
        DelegateRequest request = Hop("g", "user:ann", "agent:planner", "view folder:f") with { Task = Object("task:t") };
        (DelegateRequest Request, string Reason)[] forms =
        [
            (request with { Lends = [] }, "MISSING_FIELD"),
            (request with { Lends = Lends("fly folder:f") }, "UNKNOWN_RELATION"),
            (request with { Lends = Lends("parent grant:g") }, "UNKNOWN_RELATION"),
            (request with { Lends = Lends("pay folder:f") }, "SUBJECT_NOT_ALLOWED"),
            (request with { Lends = Lends("view folder:f, view folder:f") }, "DUPLICATE_UPDATE"),
            (request with { Lends = [.. Enumerable.Repeat(Lends("view folder:f")[0], 201)] }, "TOO_MANY_LENT"),
            (request with { Delegate = Object("user:ben") }, "WRONG_ROLE"),
            (request with { Delegate = Object("agent:*") }, "WRONG_ROLE"),
            (request with { Type = "task" }, "WRONG_ROLE"),
            (request with { Type = "nothing" }, "UNKNOWN_TYPE"),
            (request with { Task = Object("folder:f") }, "WRONG_ROLE"),
            (request with { Parent = Object("task:t") }, "WRONG_ROLE"),
            (request with { By = By("folder:f") }, "WRONG_ROLE"),
            (request with { By = By("user:*") }, "WRONG_ROLE"),
            (request with { Term = new Term(ExpiresAt: Scenario.Time("2026-05-01T00:00:00Z")) }, "INVALID_TERM"),
            (request with { Term = new Term(Lasting: TimeSpan.Zero) }, "INVALID_TERM"),
            (request with { Term = new Term(null, Scenario.Time("2026-07-01T00:00:00Z"), TimeSpan.FromHours(1)) }, "INVALID_TERM"),
            (request with { Caveat = new CaveatRef("unheard_of") }, "UNKNOWN_CAVEAT"),
        ];
        foreach ((DelegateRequest form, string reason) in forms) Assert.Equal((form, reason), (form, (await Refused(office.Delegate(form))).Reason));
    }

    [Fact]
    public async Task Sent_again_under_its_key_it_is_the_same_hop_and_another_request_is_refused()
    {
        await using Office office = await OpenAsync();
        DelegateRequest request = Hop(null, "user:ann", "agent:planner", "view folder:f") with { Task = Object("task:t") };
        request = request with { By = request.By with { IdempotencyKey = "once" } };
        DelegationReceipt first = await office.Delegate(request);
        Assert.Equal(first, await office.Delegate(request));
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", (await Refused(office.Delegate(request with { Delegate = Object("agent:buyer") }))).Reason);
        DelegationReceipt elsewhere = await office.Delegate(request with { By = request.By with { IdempotencyScope = "another credential" } });
        Assert.NotEqual(first.Delegation, elsewhere.Delegation);
    }

    [Fact]
    public async Task A_schema_without_delegation_delegates_nothing()
    {
        await using Scenario plain = await Scenario.Of("definition user {}");
        Assert.Equal("NOT_IN_SCHEMA", (await Refused(plain.Graph.Delegations.DelegateAsync(Hop("g", "user:ann", "agent:a", "view document:d")))).Reason);
    }
}
