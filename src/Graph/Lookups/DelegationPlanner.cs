using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Lookups;

/// <summary>
/// Works out how to get from a presenter through its hops and what they lend to the objects these cover, and back from an object to the hops that
/// lend something on it. What is reached is only who or what is to be asked about.
///
/// <code>
///   presenter ─delegate─► hop ─view─► folder ─parent─► folder ─folder─► document
/// </code>
/// </summary>
internal static class DelegationPlanner
{
    /// <summary>To the objects of a type on which hops lend a permission by name; starts at a presenter, or at one hop.</summary>
    public static LookupPlan Resources(CompiledSchema schema, Member permission, TypeId presenter, TypeId? hop)
    {
        var builder = new PlanBuilder();
        int result = Covered(builder, permission.Type);
        AddContainment(schema, builder, inward: true);
        foreach ((ObjectType type, Role.Delegation role, Relation lent) in Hops(schema, permission.Name))
        {
            int at = builder.Place(type.Id, null, out _, Layer.Hop);
            foreach (EdgeType edge in Edges(schema, role.Delegate).Where(e => e.SubjectType == presenter))
                builder.Add(Presenter(builder, presenter), new Step(StepKind.ToResources, edge.Id, at, IsSure: true));
            foreach (EdgeType edge in lent.EdgeTypes.Where(e => e.Kind == SubjectKind.Object))
                builder.Add(at, new Step(StepKind.ToSubjects, edge.Id, Covered(builder, edge.SubjectType), IsSure: true));
        }
        int start = hop is { } leaf ? builder.Place(leaf, null, out _, Layer.Hop) : Presenter(builder, presenter);
        return builder.Build(start, result).ThenAsk();
    }

    /// <summary>To the hops of a type that lend a permission on an object, on what it is within, or on everything of such a type.</summary>
    public static LookupPlan Leaves(CompiledSchema schema, Member permission, TypeId hop)
    {
        var builder = new PlanBuilder();
        int result = builder.Place(hop, null, out _, Layer.Hop);
        AddContainment(schema, builder, inward: false);
        foreach ((ObjectType type, _, Relation lent) in Hops(schema, permission.Name))
            foreach (EdgeType edge in lent.EdgeTypes.Where(e => type.Id == hop && e.Kind != SubjectKind.Userset))
                builder.Add(Covered(builder, edge.SubjectType),
                    new Step(edge.Kind == SubjectKind.Wildcard ? StepKind.ToResourcesOfEverybody : StepKind.ToResources, edge.Id, result, IsSure: false));
        return builder.Build(Covered(builder, permission.Type), result);
    }

    /// <summary>Each type of hops that may lend a permission of this name, with the relation that does.</summary>
    public static IEnumerable<(ObjectType Type, Role.Delegation Role, Relation Lent)> Hops(CompiledSchema schema, string permission)
    {
        foreach (ObjectType type in schema.Types)
            if (type.Role is Role.Delegation role && role.Lent.TryGetValue(permission, out MemberId lent) && schema[lent] is Relation relation)
                yield return (type, role, relation);
    }

    private static void AddContainment(CompiledSchema schema, PlanBuilder builder, bool inward)
    {
        foreach (ObjectType type in schema.Types)
            foreach (EdgeType edge in type.Within.SelectMany(relation => Edges(schema, relation)))
            {
                (int inner, int outer) = (Covered(builder, type.Id), Covered(builder, edge.SubjectType));
                if (inward) builder.Add(outer, new Step(StepKind.ToResources, edge.Id, inner, IsSure: true));
                else builder.Add(inner, new Step(StepKind.ToSubjects, edge.Id, outer, IsSure: true));
            }
    }

    private static ImmutableArray<EdgeType> Edges(CompiledSchema schema, MemberId relation) => schema[relation] is Relation r ? r.EdgeTypes : [];

    private static int Covered(PlanBuilder builder, TypeId type) => builder.Place(type, null, out _, Layer.Covered);

    private static int Presenter(PlanBuilder builder, TypeId type) => builder.Place(type, null, out _, Layer.Presenter);
}
