using System.Collections.Concurrent;
using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Lookups;

/// <summary>The plans of one schema, each made when it is first needed. Two threads may make one twice and get the same.</summary>
internal sealed class LookupPlans(CompiledSchema schema)
{
    private readonly ConcurrentDictionary<MemberId, ImmutableArray<Rewrite.Intersection>> _intersections = [];
    private readonly ConcurrentDictionary<Key, LookupPlan> _resources = [];

    private readonly ConcurrentDictionary<(SubjectPlan Kind, ulong Arms), LookupPlan> _subjects = [];
    private readonly ConcurrentDictionary<(MemberId, TypeId), bool> _wildcards = [];

    private readonly record struct Key(MemberId Member, TypeId Subject, MemberId? SubjectRelation, ulong Arms);

    /// <summary>The intersections of which a lookup about a member follows one arm each.</summary>
    public ImmutableArray<Rewrite.Intersection> Intersections(MemberId member) =>
        _intersections.TryGetValue(member, out ImmutableArray<Rewrite.Intersection> known)
            ? known
            : _intersections.GetOrAdd(member, Lookups.Intersections.Of(schema, member));

    /// <summary>From a subject to the resources on which it has a relation or permission.</summary>
    public LookupPlan Resources(MemberId member, TypeId subject, MemberId? subjectRelation, ArmChoice arms)
    {
        var key = new Key(member, subject, subjectRelation, arms.Bits);
        return _resources.TryGetValue(key, out LookupPlan? known)
            ? known
            : _resources.GetOrAdd(key, ResourcePlanner.Plan(schema, member, subject, subjectRelation, arms));
    }

    /// <summary>From an object's relation or permission to its subjects.</summary>
    public LookupPlan Subjects(SubjectPlan kind, ArmChoice arms) =>
        _subjects.TryGetValue((kind, arms.Bits), out LookupPlan? known)
            ? known
            : _subjects.GetOrAdd((kind, arms.Bits), SubjectPlanner.Plan(schema, kind, arms));

    /// <summary>Whether a wildcard of a type may stand anywhere behind a member.</summary>
    public bool HasWildcards(MemberId member, TypeId type) =>
        _wildcards.TryGetValue((member, type), out bool known) ? known : _wildcards.GetOrAdd((member, type), new WildcardReach(schema, type).IsReached(member));
}
