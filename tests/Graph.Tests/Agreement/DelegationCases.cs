using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>A delegation schema, chains that mostly make sense and are then broken, background tuples, and questions about all of it.</summary>
internal static class DelegationCases
{
    private const double DirectShare = 0.25;

    public static Case Generate(int seed) => Generate(seed, broken: true);

    /// <summary>Only chains that were never broken, so that the rules for hops and tasks may well take them.</summary>
    public static Case GenerateUnbroken(int seed) => Generate(seed, broken: false);

    private static Case Generate(int seed, bool broken)
    {
        Random random = new(seed);
        SchemaModel schema = DelegationSchemas.Generate(random);
        World world = new(schema, random);
        Limits limits = Limits.Default with
        {
            ChainHops = random.Pick(16, 16, 16, 3, 2),
            Retention = random.Pick(TimeSpan.FromHours(24), TimeSpan.FromHours(24), TimeSpan.FromHours(1)),
        };
        world.AddNoise(random.Next(12), d => d.Name is "folder" or "document" or "team" or "fleet");
        ChainPlanner planner = new(world, random);
        Breaks breaks = new(world, random);
        List<ChainPlan> plans = [];
        for (int count = random.Next(2, 5); plans.Count < count;)
            plans.Add(planner.Plan(plans.Count == 0 ? null : random.Pick(plans)));
        if (broken)
        {
            foreach (ChainPlan plan in plans)
                for (int count = random.Pick(0, 0, 1, 1, 1, 2); count > 0; count--) breaks.Apply(plan);
            world.AddNoise(random.Pick(0, 0, 4), _ => true);
        }
        List<Instant> changes = Windows.Changes(world.Tuples, limits);
        Asked[] questions = [.. Enumerable.Range(0, 60).Select(_ =>
            new Asked(RandomQuestion(random, world, random.Pick(plans), plans), Windows.AskedAt(random, changes)))];
        return new Case(seed, schema, limits, [.. world.Tuples], questions);
    }

    private static CheckQuestion RandomQuestion(Random random, World world, ChainPlan plan, List<ChainPlan> plans)
    {
        (ObjectRef resource, string permission) = AskedAbout(random, world, plan);
        if (random.Chance(DirectShare)) return new CheckQuestion(resource, permission, DirectSubject(random, world, plan));

        int i = random.Chance(0.7) ? plan.Length : random.Next(1, plan.Length + 1);
        ObjectRef presenter = random.Chance(0.93) ? plan.Principals[i] : world.Any(random.Pick("agent", "user", "service"));
        ObjectRef leaf = random.Chance(0.93) ? plan.Hops[i - 1] : random.Chance(0.5) ? world.Any("grant") : random.Pick(random.Pick(plans).Hops);
        ObjectRef root = random.Chance(0.93) ? plan.Principals[0] : world.Any(random.Pick("user", "service"));
        ObjectRef? task = plan.Task is { } planned && random.Chance(0.25) ? (random.Chance(0.6) ? planned : world.Any("task")) : null;
        Acting acting = random.Next(10) switch
        {
            < 4 => new Acting(leaf, null, task),
            < 8 => new Acting(null, root, task),
            _ => new Acting(leaf, root, task),
        };
        if (random.Chance(0.02)) acting = Malformed(random, acting);
        return new CheckQuestion(resource, permission, new SubjectRef(presenter), acting);
    }

    private static Acting Malformed(Random random, Acting acting) => random.Next(4) switch
    {
        0 => new Acting(Task: acting.Task ?? new ObjectRef("user", "ann")),
        1 => acting with { Delegation = new ObjectRef("document", "d1") },
        2 => acting with { Root = new ObjectRef("agent", "a1") },
        _ => acting with { Task = new ObjectRef("folder", "f1") },
    };

    private static (ObjectRef Resource, string Permission) AskedAbout(Random random, World world, ChainPlan plan)
    {
        if (random.Chance(0.85)) return (plan.Resource, plan.Permission);
        ObjectRef resource = world.Any(random.Pick("document", "document", "folder"));
        return (resource, random.Pick([.. world.Schema[resource.Type].Members]));
    }

    private static SubjectRef DirectSubject(Random random, World world, ChainPlan plan) => random.Next(8) switch
    {
        0 => new SubjectRef(new ObjectRef("team", "t1"), "member"),
        1 or 2 => new SubjectRef(plan.Principals[0]),
        3 or 4 => new SubjectRef(world.Any("user")),
        5 => new SubjectRef(world.Any("service")),
        _ => new SubjectRef(random.Pick(plan.Principals)),
    };
}
