using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>The tuples of a case while they are being made up: nothing the schema does not allow gets in.</summary>
internal sealed class World(SchemaModel schema, Random random)
{
    private static readonly string[] UserIds = ["ann", "bob", "rick@the-citadel.com", "/users/{id}"];

    private readonly Dictionary<(ObjectRef, string, SubjectRef), RelationTuple> _tuples = [];

    public SchemaModel Schema => schema;

    public IReadOnlyCollection<RelationTuple> Tuples => _tuples.Values;

    /// <summary>The objects that tuples are made of: few, so that they meet.</summary>
    public static IReadOnlyList<ObjectRef> Pool(string type) => type switch
    {
        "user" => [.. UserIds.Select(id => new ObjectRef(type, id))],
        "service" or "bot" or "fleet" => [.. Enumerable.Range(1, 2).Select(i => new ObjectRef(type, $"{type[0]}{i}"))],
        "agent" => [.. Enumerable.Range(1, 5).Select(i => new ObjectRef(type, $"a{i}"))],
        "task" => [.. Enumerable.Range(1, 4).Select(i => new ObjectRef(type, $"t{i}"))],
        _ => [.. Enumerable.Range(1, 3).Select(i => new ObjectRef(type, $"{type[0]}{i}"))],
    };

    /// <summary>One of the pool, and now and then an object nobody ever heard of.</summary>
    public ObjectRef Any(string type) => random.Chance(0.03) ? new ObjectRef(type, "nobody") : random.Pick(Pool(type));

    /// <summary>Mostly a plain object that may hold something, sometimes a userset.</summary>
    public SubjectRef AnySubject()
    {
        Definition definition = random.Chance(0.7) ? schema.Definitions[0] : random.Pick(schema.Definitions);
        ObjectRef x = Any(definition.Name);
        return definition.Members.Any() && random.Chance(0.6) ? new SubjectRef(x, random.Pick([.. definition.Members])) : new SubjectRef(x);
    }

    public bool Put(ObjectRef resource, string relation, ObjectRef subject, WindowWish wish = WindowWish.Holding) =>
        Put(resource, relation, new SubjectRef(subject), wish);

    /// <summary>Adds or replaces a tuple, if the schema allows one like it; says whether it did.</summary>
    public bool Put(ObjectRef resource, string relation, SubjectRef subject, WindowWish wish = WindowWish.Holding)
    {
        if (schema[resource.Type].Relation(relation) is not { } model) return false;
        AllowedSubject[] allowed = [.. model.Allowed.Where(a =>
            a.Type == subject.Object.Type && a.Relation == subject.Relation && a.Wildcard == subject.Object.IsWildcard)];
        if (allowed.Length == 0) return false;
        Window? window = Windows.Pick(random, allowed.Any(a => a.Expiring), allowed.Any(a => !a.Expiring), wish);
        if (window is not { } picked) return false;
        _tuples[(resource, relation, subject)] = new RelationTuple(resource, relation, subject) { Window = picked };
        return true;
    }

    public List<RelationTuple> Of(ObjectRef resource, string relation) =>
        [.. _tuples.Values.Where(t => t.Resource == resource && t.Relation == relation)];

    public void Remove(ObjectRef resource, string relation)
    {
        foreach (RelationTuple tuple in Of(resource, relation)) Remove(tuple);
    }

    public void Remove(RelationTuple tuple) => _tuples.Remove((tuple.Resource, tuple.Relation, tuple.Subject));

    /// <summary>Gives every tuple of the relation another window; one that cannot have it goes away.</summary>
    public void Rewind(ObjectRef resource, string relation, WindowWish wish)
    {
        foreach (RelationTuple tuple in Of(resource, relation))
        {
            Remove(tuple);
            Put(resource, relation, tuple.Subject, wish);
        }
    }

    /// <summary>Random tuples of relations of some definitions.</summary>
    public void AddNoise(int count, Predicate<Definition> where)
    {
        Definition[] definitions = [.. schema.Definitions.Where(d => where(d) && d.Relations.Count > 0)];
        for (int i = 0; i < count; i++)
        {
            Definition definition = random.Pick(definitions);
            RelationModel relation = random.Pick(definition.Relations);
            AllowedSubject allowed = random.Pick(relation.Allowed);
            ObjectRef subject = allowed.Wildcard ? new ObjectRef(allowed.Type, Names.Wildcard) : random.Pick(Pool(allowed.Type));
            Put(random.Pick(Pool(definition.Name)), relation.Name, new SubjectRef(subject, allowed.Relation), NoiseWish());
        }
    }

    private WindowWish NoiseWish() => random.Next(10) switch
    {
        0 => WindowWish.Past,
        1 => WindowWish.Future,
        _ => WindowWish.Holding,
    };
}
