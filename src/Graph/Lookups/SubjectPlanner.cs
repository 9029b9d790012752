using System.Diagnostics;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Lookups;

/// <summary>
/// Works out how to get from an object's permission to the subjects that edges name: forward through the schema's rewrites. Wildcards name
/// nobody. Of an intersection one arm is followed that lets in nobody by a wildcard; where every arm might, all are.
/// </summary>
internal sealed class SubjectPlanner
{
    private readonly CompiledSchema _schema;
    private readonly SubjectPlan _kind;
    private readonly ArmChoice _arms;
    private readonly WildcardReach _wildcards;
    private readonly PlanBuilder _builder = new();
    private readonly int _result;

    private SubjectPlanner(CompiledSchema schema, SubjectPlan kind, ArmChoice arms, WildcardReach wildcards)
    {
        (_schema, _kind, _arms, _wildcards) = (schema, kind, arms, wildcards);
        _result = _builder.Place(kind.Type, null, out _);
    }

    public static LookupPlan Plan(CompiledSchema schema, SubjectPlan kind, ArmChoice arms)
    {
        var planner = new SubjectPlanner(schema, kind, arms, new WildcardReach(schema, kind.Type));
        int start = planner.Visit(kind.Member);
        return planner._builder.Build(start, planner._result);
    }

    private int Visit(MemberId id)
    {
        Member member = _schema[id];
        int place = _builder.Place(member.Type, id, out bool added);
        if (!added) return place;
        if (id == _kind.Relation) _builder.Add(place, ToResult(StepKind.Stay, default, sure: true));
        if (member is Permission permission) Follow(permission.Rewrite, permission.Type, place, sure: true);
        else if (member is Relation relation)
            foreach (EdgeType type in relation.EdgeTypes) Follow(type, place);
        return place;
    }

    private void Follow(EdgeType type, int place)
    {
        if (type.SubjectRelation is { } member)
            _builder.Add(place, new Step(StepKind.ToSubjects, type.Id, Visit(member), IsSure: true));
        else if (type.Kind == SubjectKind.Object && type.SubjectType == _kind.Type && _kind.Relation is null)
            _builder.Add(place, ToResult(StepKind.ToSubjects, type.Id, sure: true));
    }

    private void Follow(Rewrite rewrite, TypeId type, int place, bool sure)
    {
        switch (rewrite)
        {
            case Rewrite.Nil:
                break;
            case Rewrite.Self:
                if (type == _kind.Type && _kind.Relation is null) _builder.Add(place, ToResult(StepKind.Stay, default, sure));
                break;
            case Rewrite.Reference reference:
                _builder.Add(place, new Step(StepKind.Stay, default, Visit(reference.Member), sure));
                break;
            case Rewrite.Union union:
                foreach (Rewrite arm in union.Arms) Follow(arm, type, place, sure);
                break;
            case Rewrite.Intersection intersection:
                foreach (Rewrite arm in intersection.Arms)
                    if (Follows(intersection, arm)) Follow(arm, type, place, sure: false);
                break;
            case Rewrite.Exclusion exclusion:
                Follow(exclusion.Base, type, place, sure: false);
                if (_kind.Everybody) Follow(exclusion.Subtracted, type, place, sure: false);
                break;
            case Rewrite.Arrow arrow:
                foreach (ArrowTarget target in arrow.Targets)
                    _builder.Add(place, new Step(StepKind.ToSubjects, target.EdgeType, Visit(target.Member), sure && arrow.Kind == ArrowKind.Any));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private bool Follows(Rewrite.Intersection intersection, Rewrite arm) =>
        _kind.Everybody || ReferenceEquals(_arms.Of(intersection), arm) || _kind.Relation is null && intersection.Arms.All(_wildcards.IsReached);

    private Step ToResult(StepKind kind, EdgeTypeId edge, bool sure) => new(kind, edge, _result, sure && !_kind.AsksAll);
}

/// <summary>Which subjects are looked for.</summary>
/// <param name="Everybody">Whether everybody is wanted whom any edge names, on whatever side of whatever operator.</param>
/// <param name="AsksAll">Whether nobody is in without being asked about: principals may be barred.</param>
internal readonly record struct SubjectPlan(MemberId Member, TypeId Type, MemberId? Relation, bool Everybody, bool AsksAll);
