using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>The ways in which a chain goes wrong, each applied to one hop of it. Some do nothing in some schemas.</summary>
internal sealed class Breaks(World world, Random random)
{
    private Action<ChainPlan, int>[] All =>
    [
        ParentUnknown, ParentDoubled, ParentLost, ParentLoop,
        DelegatorLost, DelegatorDoubled, DelegatorForeign, DelegatorAgent,
        DelegateFuture, DelegatePast, DelegateForgotten, DelegateDoubled, DelegateEndless, DelegateRepeats,
        Revoked, Revoked, Revoked,
        TaskLost, TaskLost, TaskLost, TaskLost, TaskDoubled, TaskElsewhere, TaskExpired, TaskClosed, TaskNeverOpened, TaskUnderClosed, TaskUnderTwo, TaskLoop,
        OnwardLost, OnwardOther, OnwardPast,
        Suspended, Suspended, SuspendedBetween, SuspendedBetween, SuspendedBetween, SuspendedLater, FleetSuspended, FleetOfFleetSuspended,
        SponsorLost, SponsorPast, SponsorSuspended, SponsorService, SponsorAnyone,
        LentLost, LentElsewhere, LentPast, LeafLentWider, LeafLentWider, LeafLentWider, ApprovedWider, ApprovedWider, ApprovedWider, ApprovedWider,
        ApproverLost, ApproverLost, ApproverSuspended, ApproverSuspended, ApproverSuspended, ApproverSuspended, ApproverService, ApproverService, ApproverService, ApproverPowerless,
        RootSuspended, RootPowerless, RootBanned, ContainerMoved,
    ];

    public void Apply(ChainPlan plan) => random.Pick(All)(plan, random.Next(1, plan.Length + 1));

    private static ObjectRef Hop(ChainPlan plan, int i) => plan.Hops[i - 1];
    private ObjectRef User => random.Pick(World.Pool("user"));
    private ObjectRef Agent => random.Pick(World.Pool("agent"));

    private void ParentUnknown(ChainPlan plan, int i)
    {
        world.Remove(Hop(plan, i), "parent");
        world.Put(Hop(plan, i), "parent", new ObjectRef("grant", "gone"));
    }

    private void ParentDoubled(ChainPlan plan, int i) => world.Put(Hop(plan, Math.Min(Math.Max(i, 2), plan.Length)), "parent", new ObjectRef("grant", $"other{i}"));
    private void ParentLost(ChainPlan plan, int i) => world.Remove(Hop(plan, i), "parent");

    private void ParentLoop(ChainPlan plan, int i)
    {
        world.Remove(plan.Hops[0], "parent");
        world.Put(plan.Hops[0], "parent", Hop(plan, i));
    }

    private void DelegatorLost(ChainPlan plan, int i) => world.Remove(Hop(plan, i), "delegator");
    private void DelegatorDoubled(ChainPlan plan, int i) => world.Put(Hop(plan, i), "delegator", random.Chance(0.5) ? User : Agent);

    private void DelegatorForeign(ChainPlan plan, int i)
    {
        world.Remove(Hop(plan, i), "delegator");
        world.Put(Hop(plan, i), "delegator", random.Chance(0.5) ? User : Agent);
    }

    private void DelegatorAgent(ChainPlan plan, int i)
    {
        world.Remove(plan.Hops[0], "delegator");
        world.Put(plan.Hops[0], "delegator", Agent);
    }

    private void DelegateFuture(ChainPlan plan, int i) => world.Rewind(Hop(plan, i), "delegate", WindowWish.Future);
    private void DelegatePast(ChainPlan plan, int i) => world.Rewind(Hop(plan, i), "delegate", WindowWish.Past);
    private void DelegateForgotten(ChainPlan plan, int i) => world.Rewind(Hop(plan, i), "delegate", WindowWish.LongPast);
    private void DelegateDoubled(ChainPlan plan, int i) => world.Put(Hop(plan, i), "delegate", Agent, random.Pick(WindowWish.Holding, WindowWish.Past, WindowWish.Future));
    private void DelegateEndless(ChainPlan plan, int i) => world.Rewind(Hop(plan, i), "delegate", WindowWish.Endless);

    /// <summary>The last delegate is one that the chain already went through, custody being in order.</summary>
    private void DelegateRepeats(ChainPlan plan, int i)
    {
        if (i == plan.Length || plan.Principals[i] == plan.Principals[^1]) return;
        ObjectRef leaf = plan.Hops[^1];
        world.Remove(leaf, "delegate");
        world.Put(leaf, "delegate", plan.Principals[i]);
        world.Put(Hop(plan, plan.Length - 1), "onward", plan.Principals[i]);
        plan.Principals[^1] = plan.Principals[i];
    }

    private void Revoked(ChainPlan plan, int i) => world.Put(Hop(plan, i), "revoked_by", User);

    private void TaskLost(ChainPlan plan, int i) => world.Remove(Hop(plan, i), "task");
    private void TaskDoubled(ChainPlan plan, int i) => world.Put(Hop(plan, i), "task", random.Pick(World.Pool("task")));

    private void TaskElsewhere(ChainPlan plan, int i)
    {
        world.Remove(Hop(plan, i), "task");
        TaskDoubled(plan, i);
    }

    private void TaskExpired(ChainPlan plan, int i) => OnTask(plan, i, task => world.Rewind(task, "opened_by", WindowWish.Past));
    private void TaskClosed(ChainPlan plan, int i) => OnTask(plan, i, task => world.Put(task, "closed_by", User));
    private void TaskNeverOpened(ChainPlan plan, int i) => OnTask(plan, i, task => world.Remove(task, "opened_by"));

    private void TaskUnderClosed(ChainPlan plan, int i) => OnTask(plan, i, task =>
    {
        ObjectRef above = random.Pick(World.Pool("task"));
        world.Put(task, "parent", above);
        world.Put(above, "closed_by", User);
    });

    private void TaskUnderTwo(ChainPlan plan, int i) => OnTask(plan, i, task =>
    {
        foreach (ObjectRef above in random.Some(World.Pool("task"), 2, 3)) world.Put(task, "parent", above);
    });

    private void TaskLoop(ChainPlan plan, int i) => OnTask(plan, i, task =>
    {
        ObjectRef above = random.Pick(World.Pool("task"));
        world.Put(task, "parent", above);
        world.Put(above, "parent", task);
        world.Put(above, "opened_by", User);
    });

    private void OnTask(ChainPlan plan, int i, Action<ObjectRef> change)
    {
        foreach (RelationTuple edge in world.Of(Hop(plan, i), "task")) change(edge.Subject.Object);
    }

    private void OnwardLost(ChainPlan plan, int i) => world.Remove(Hop(plan, i), "onward");
    private void OnwardPast(ChainPlan plan, int i) => world.Rewind(Hop(plan, i), "onward", WindowWish.Past);

    private void OnwardOther(ChainPlan plan, int i)
    {
        world.Remove(Hop(plan, i), "onward");
        world.Put(Hop(plan, i), "onward", random.Chance(0.5) ? Agent : new ObjectRef("bot", Names.Wildcard));
    }

    private void Suspended(ChainPlan plan, int i) => world.Put(plan.Principals[i], "suspended_by", User);
    /// <summary>The delegate before the last: neither the presenter, whose suspension is noticed first, nor, in a long chain, the first.</summary>
    private void SuspendedBetween(ChainPlan plan, int i) => world.Put(plan.Principals[Math.Max(1, plan.Length - 1)], "suspended_by", User);

    private void SuspendedLater(ChainPlan plan, int i) => world.Put(plan.Principals[i], "suspended_by", User, WindowWish.Future);

    private void FleetSuspended(ChainPlan plan, int i)
    {
        ObjectRef fleet = new("fleet", "f1");
        if (world.Put(plan.Principals[i], "fleet", fleet)) world.Put(fleet, "suspended_by", User);
    }

    private void FleetOfFleetSuspended(ChainPlan plan, int i)
    {
        (ObjectRef inner, ObjectRef outer) = (new("fleet", "f2"), new("fleet", "f3"));
        if (!world.Put(plan.Principals[i], "fleet", inner)) return;
        world.Put(inner, "parent", outer);
        world.Put(outer, "suspended_by", User);
    }

    private void SponsorLost(ChainPlan plan, int i) => world.Remove(plan.Principals[i], "sponsor");
    private void SponsorPast(ChainPlan plan, int i) => world.Rewind(plan.Principals[i], "sponsor", WindowWish.Past);

    private void SponsorSuspended(ChainPlan plan, int i)
    {
        foreach (RelationTuple edge in world.Of(plan.Principals[i], "sponsor"))
            if (edge.Subject.Object.Type == "user") world.Put(edge.Subject.Object, "suspended_by", User);
    }

    /// <summary>Those in the team are no humans.</summary>
    private void SponsorService(ChainPlan plan, int i)
    {
        ObjectRef team = new("team", "machines");
        world.Remove(plan.Principals[i], "sponsor");
        world.Put(plan.Principals[i], "sponsor", new SubjectRef(team, "member"));
        world.Put(team, "member", World.Pool("service")[0]);
        world.Put(team, "member", plan.Principals[i]);
    }

    /// <summary>Everybody is a sponsor, so nobody is.</summary>
    private void SponsorAnyone(ChainPlan plan, int i)
    {
        ObjectRef team = new("team", "everybody");
        world.Remove(plan.Principals[i], "sponsor");
        world.Put(plan.Principals[i], "sponsor", new SubjectRef(team, "answerable"));
        if (world.Schema["team"].Declares("anyone")) world.Put(team, "anyone", new ObjectRef("user", Names.Wildcard));
        if (random.Chance(0.5)) world.Put(team, "member", User);
        if (random.Chance(0.3)) world.Put(team, "barred", new ObjectRef("user", Names.Wildcard));
    }

    private void LentLost(ChainPlan plan, int i) => world.Remove(Hop(plan, i), plan.Permission);
    private void LentPast(ChainPlan plan, int i) => world.Rewind(Hop(plan, i), plan.Permission, WindowWish.Past);

    private void LentElsewhere(ChainPlan plan, int i)
    {
        world.Remove(Hop(plan, i), plan.Permission);
        world.Put(Hop(plan, i), plan.Permission, random.Pick(World.Pool(plan.Resource.Type)));
        world.Put(Hop(plan, i), plan.Permission, random.Pick(World.Pool("folder")));
    }

    private void LeafLentWider(ChainPlan plan, int i)
    {
        ObjectRef folder = random.Pick(World.Pool("folder"));
        if (!world.Put(plan.Hops[^1], plan.Permission, folder)) return;
        world.Remove(plan.Hops[^1], plan.Permission);
        world.Put(plan.Hops[^1], plan.Permission, folder);
        world.Put(plan.Resource, plan.Resource.Type == "document" ? "folder" : "parent", folder);
    }

    /// <summary>Approved by one who may, but lent on what the resource is within.</summary>
    private void ApprovedWider(ChainPlan plan, int i)
    {
        LeafLentWider(plan, i);
        ObjectRef approver = User;
        if (!world.Put(plan.Hops[^1], "approver", approver)) return;
        foreach (string relation in new[] { "owner", "editor" }) world.Put(plan.Resource, relation, approver);
    }

    private void ApproverLost(ChainPlan plan, int i) => world.Remove(plan.Hops[^1], "approver");

    private void ApproverSuspended(ChainPlan plan, int i)
    {
        foreach (RelationTuple edge in world.Of(plan.Hops[^1], "approver")) world.Put(edge.Subject.Object, "suspended_by", User);
    }

    private void ApproverService(ChainPlan plan, int i)
    {
        ObjectRef service = World.Pool("service")[0];
        world.Remove(plan.Hops[^1], "approver");
        if (!world.Put(plan.Hops[^1], "approver", service)) return;
        foreach (string relation in new[] { "owner", "editor" }) world.Put(plan.Resource, relation, service);
    }

    private void ApproverPowerless(ChainPlan plan, int i)
    {
        world.Remove(plan.Hops[^1], "approver");
        world.Put(plan.Hops[^1], "approver", new ObjectRef("user", "stranger"));
    }

    private void RootSuspended(ChainPlan plan, int i) => world.Put(plan.Principals[0], "suspended_by", User);

    private void RootPowerless(ChainPlan plan, int i)
    {
        foreach (string relation in new[] { "owner", "editor", "viewer" }) world.Remove(plan.Resource, relation);
    }

    private void RootBanned(ChainPlan plan, int i) => world.Put(plan.Resource, "banned", plan.Principals[0]);

    private void ContainerMoved(ChainPlan plan, int i)
    {
        world.Rewind(plan.Resource, "folder", WindowWish.Past);
        world.Rewind(plan.Resource, "parent", WindowWish.Future);
    }
}
