using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>A chain that was meant to permit: <see cref="Principals"/>[0] is the root and [i] the delegate of <see cref="Hops"/>[i - 1].</summary>
internal sealed record ChainPlan(List<ObjectRef> Principals, List<ObjectRef> Hops, ObjectRef Resource, string Permission, ObjectRef? Task)
{
    public int Length => Hops.Count;
}

/// <summary>Makes chains of one to four hops that hold at <see cref="Windows.Now"/> as far as the schema lets them.</summary>
internal sealed class ChainPlanner(World world, Random random)
{
    private readonly SchemaModel _schema = world.Schema;
    private int _hops;

    public ChainPlan Plan(ChainPlan? shared)
    {
        bool continues = shared is not null && random.Chance(0.3);
        List<ObjectRef> principals = continues && shared is not null ? [.. shared.Principals] : [world.Any(random.Chance(0.8) ? "user" : "service")];
        List<ObjectRef> hops = continues && shared is not null ? [.. shared.Hops] : [];
        ObjectRef resource = shared is not null && random.Chance(0.5) ? shared.Resource : world.Any(random.Chance(0.7) ? "document" : "folder");
        string permission = resource.Type == "folder" ? "view" : random.Pick("view", "edit", "delete");
        ObjectRef? task = _schema.Definitions.Any(d => d.Name == "task") ? shared?.Task ?? OpenTask() : null;
        ChainPlan plan = new(principals, hops, resource, permission, task);
        int length = hops.Count + random.Next(1, 5 - Math.Min(hops.Count, 3));
        while (hops.Count < length) AddHop(plan);
        for (int i = 1; i <= plan.Length; i++) Lend(plan, i);
        GiveRootThePermission(plan);
        Approve(plan);
        return plan;
    }

    private void AddHop(ChainPlan plan)
    {
        string[] types = [.. _schema.Definitions.Where(d => d.Role == RoleKind.Delegation).Select(d => d.Name)];
        ObjectRef hop = new(random.Pick(types), $"h{++_hops}");
        ObjectRef agent = NewAgent(plan);
        world.Put(hop, "delegator", plan.Principals[^1]);
        bool isShort = random.Chance(0.6);
        world.Put(hop, "delegate", agent, isShort ? WindowWish.Short : WindowWish.Holding);
        if (plan.Length > 0)
        {
            ObjectRef parent = plan.Hops[^1];
            world.Put(hop, "parent", parent);
            world.Put(parent, "onward", random.Chance(0.3) ? new ObjectRef(agent.Type, Names.Wildcard) : agent);
        }
        if (plan.Task is { } task) world.Put(hop, "task", TaskUnder(task));
        world.Put(agent, "sponsor", random.Pick(World.Pool("user")));
        if (random.Chance(0.3)) SponsorByTeam(agent);
        plan.Hops.Add(hop);
        plan.Principals.Add(agent);
    }

    private ObjectRef NewAgent(ChainPlan plan)
    {
        bool hasBots = _schema.Definitions.Any(d => d.Name == "bot");
        ObjectRef[] unused = [.. World.Pool("agent").Concat(hasBots ? World.Pool("bot") : []).Except(plan.Principals)];
        return unused.Length == 0 ? World.Pool("agent")[0] : random.Pick(unused);
    }

    /// <summary>By a team instead of by name.</summary>
    private void SponsorByTeam(ObjectRef agent)
    {
        ObjectRef team = random.Pick(World.Pool("team"));
        if (!world.Put(agent, "sponsor", new SubjectRef(team, random.Pick("member", "answerable")))) return;
        if (random.Chance(0.8)) world.Put(team, "member", random.Pick(World.Pool("user")));
        foreach (RelationTuple named in world.Of(agent, "sponsor").Where(t => t.Subject.Relation is null)) world.Remove(named);
    }

    private ObjectRef OpenTask()
    {
        ObjectRef task = random.Pick(World.Pool("task"));
        world.Put(task, "opened_by", random.Pick(World.Pool("user")));
        return task;
    }

    /// <summary>The task itself, or another that has it as its parent.</summary>
    private ObjectRef TaskUnder(ObjectRef task)
    {
        ObjectRef child = random.Pick(World.Pool("task"));
        if (child == task || random.Chance(0.7) || !world.Put(child, "parent", task)) return task;
        world.Put(child, "opened_by", random.Pick(World.Pool("user")));
        return child;
    }

    /// <summary>The permission on the resource, on what it is within, or on all of a type.</summary>
    private void Lend(ChainPlan plan, int i)
    {
        ObjectRef hop = plan.Hops[i - 1];
        bool indirectly = i < plan.Length && random.Chance(0.4) || random.Chance(0.1);
        if (indirectly && LendWider(plan, hop)) return;
        world.Put(hop, plan.Permission, plan.Resource);
    }

    private bool LendWider(ChainPlan plan, ObjectRef hop)
    {
        if (random.Chance(0.4)) return world.Put(hop, plan.Permission, new ObjectRef(random.Pick(plan.Resource.Type, "folder"), Names.Wildcard));
        ObjectRef folder = random.Pick(World.Pool("folder"));
        string relation = plan.Resource.Type == "document" ? "folder" : "parent";
        return world.Put(plan.Resource, relation, folder) && world.Put(hop, plan.Permission, folder);
    }

    private void GiveRootThePermission(ChainPlan plan)
    {
        foreach (string relation in new[] { "owner", "editor", "viewer" })
            if (random.Chance(0.9)) world.Put(plan.Resource, relation, plan.Principals[0]);
    }

    private void Approve(ChainPlan plan)
    {
        ObjectRef approver = random.Pick(World.Pool("user"));
        if (random.Chance(0.15) || !world.Put(plan.Hops[^1], "approver", approver)) return;
        foreach (string relation in new[] { "owner", "editor" }) world.Put(plan.Resource, relation, approver);
    }
}
