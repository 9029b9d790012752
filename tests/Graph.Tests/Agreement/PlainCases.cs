using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>Schemas of SpiceDB's features and nothing more: any relation may lead anywhere, cycles of groups included.</summary>
internal static class PlainCases
{
    private static readonly string[] Relations = ["viewer", "editor", "owner", "banned", "parent", "member"];
    private static readonly string[] Permissions = ["view", "edit", "share", "admin"];

    public static Case Generate(int seed)
    {
        Random random = new(seed);
        SchemaModel schema = RandomSchema(random);
        World world = new(schema, random);
        world.AddNoise(random.Next(15, 60), d => d.Relations.Count > 0);
        List<Instant> changes = Windows.Changes(world.Tuples, Limits.Default);
        Asked[] questions = [.. Enumerable.Range(0, 60).Select(_ => new Asked(RandomQuestion(random, world), Windows.AskedAt(random, changes)))];
        return new Case(seed, schema, Limits.Default, [.. world.Tuples], questions);
    }

    private static SchemaModel RandomSchema(Random random)
    {
        List<string> types = random.Some(["group", "folder", "document", "project"], 2, 4);
        Dictionary<string, (List<string> Relations, List<string> Permissions)> names = types.ToDictionary(t => t,
            _ => (random.Some(Relations, 2, 4), random.Some(Permissions, 1, 4)));
        List<string> subjects = ["user", "user", "user", "user", "user", "bot", "user:*", $"{random.Pick(types)}:*", .. types];
        foreach (string type in types) subjects.AddRange(names[type].Relations.Concat(names[type].Permissions).Concat(names[type].Permissions).Select(m => $"{type}#{m}"));

        List<Definition> composite = [.. types.Select(t => new Definition(t)
        {
            Relations = [.. names[t].Relations.Select(r => RandomRelation(random, r, subjects))],
        })];
        composite = [.. composite.Select(d => d with { Relations = [.. d.Relations.Select(r => WithoutTransitiveWildcards(composite, r))] })];
        bool onlyUnions = random.Chance(0.25);
        composite = [.. composite.Select(d => d with { Permissions = RandomPermissions(random, d, names[d.Name].Permissions, onlyUnions) })];
        if (!onlyUnions && random.Chance(0.3)) composite.Add(Club);
        return new SchemaModel(UsesDelegation: false, [new Definition("user"), new Definition("bot"), .. composite]);
    }

    /// <summary>Clubs of clubs without clubs: most cycles of them lead through the exclusion.</summary>
    private static readonly Definition Club = new("club")
    {
        Relations = [Expressions.Relation("member", "user", "club#active"), Expressions.Relation("barred", "user", "club#active")],
        Permissions = [new PermissionModel("active", Expressions.Exclusion(Expressions.Named("member"), Expressions.Named("barred")))],
    };

    private static RelationModel RandomRelation(Random random, string name, List<string> subjects) => new(name,
        [.. random.Some(subjects, 1, 3).Distinct().Select(s => Expressions.Allowed(s) with { Expiring = random.Chance(0.25) })]);

    /// <summary>A userset of a relation that admits a wildcard is refused by every compiler of this language.</summary>
    private static RelationModel WithoutTransitiveWildcards(List<Definition> definitions, RelationModel relation)
    {
        bool IsWild(AllowedSubject a) => a.Relation is not null
            && definitions.Single(d => d.Name == a.Type).Relation(a.Relation) is { } target && target.Allowed.Any(x => x.Wildcard);
        AllowedSubject[] allowed = [.. relation.Allowed.Where(a => !IsWild(a))];
        return relation with { Allowed = allowed.Length == 0 ? [new AllowedSubject("user")] : allowed };
    }

    /// <summary>Each may refer to the ones before it, so no definition has a cycle of its own.</summary>
    private static List<PermissionModel> RandomPermissions(Random random, Definition definition, List<string> names, bool onlyUnions)
    {
        List<PermissionModel> permissions = [];
        List<Expression> atoms = [.. definition.Relations.Select(r => Expressions.Named(r.Name))];
        atoms.AddRange(definition.Relations.Where(r => !r.Allowed.Any(a => a.Wildcard)).SelectMany(r => RandomArrows(random, r.Name, onlyUnions)));
        if (random.Chance(0.2)) atoms.Add(new Expression.Nil());
        if (random.Chance(0.2)) atoms.Add(new Expression.Self());
        foreach (string name in names)
        {
            permissions.Add(new PermissionModel(name, onlyUnions
                ? Expressions.Union([.. random.Some(atoms, 2, 4), random.Pick(atoms)])
                : Expressions.Random(random, atoms, random.Pick(1, 1, 2, 3))));
            atoms.Add(Expressions.Named(name));
        }
        return permissions;
    }

    private static IEnumerable<Expression> RandomArrows(Random random, string relation, bool onlyAny) =>
        Enumerable.Range(0, random.Next(3)).Select(_ =>
            new Expression.Arrow(relation, random.Pick([.. Relations, .. Permissions, .. Permissions]), !onlyAny && random.Chance(0.3)));

    private static CheckQuestion RandomQuestion(Random random, World world)
    {
        Definition definition = random.Pick([.. world.Schema.Definitions.Where(d => d.Members.Any())]);
        return new CheckQuestion(world.Any(definition.Name), random.Pick([.. definition.Members]), world.AnySubject());
    }
}
