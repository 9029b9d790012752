using System.Diagnostics;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Lookups;

/// <summary>
/// Works out how to get from a subject to all objects on which it has a permission: the schema's rewrites turned round. Of an intersection
/// only one arm is followed and of an exclusion only its base; what they lead to is asked about.
///
/// <code>
///   subject ─edge─► document#viewer ─stay─► document#view        view = viewer + folder->view
///           ─edge─► folder#viewer ─stay─► folder#view ─edge─┘
/// </code>
/// </summary>
internal sealed class ResourcePlanner
{
    private readonly CompiledSchema _schema;
    private readonly TypeId _subject;
    private readonly MemberId? _subjectRelation;
    private readonly ArmChoice _arms;
    private readonly PlanBuilder _builder = new();
    private readonly int _start;

    private ResourcePlanner(CompiledSchema schema, TypeId subject, MemberId? subjectRelation, ArmChoice arms)
    {
        (_schema, _subject, _subjectRelation, _arms) = (schema, subject, subjectRelation, arms);
        // a userset is in itself, so its place is that of its relation
        _start = subjectRelation is { } relation ? Visit(relation) : _builder.Place(subject, null, out _);
    }

    public static LookupPlan Plan(CompiledSchema schema, MemberId target, TypeId subject, MemberId? subjectRelation, ArmChoice arms)
    {
        var planner = new ResourcePlanner(schema, subject, subjectRelation, arms);
        int result = planner.Visit(target);
        return planner._builder.Build(planner._start, result);
    }

    private int Visit(MemberId id)
    {
        Member member = _schema[id];
        int place = _builder.Place(member.Type, id, out bool added);
        if (!added) return place;
        if (member is Permission permission) Follow(permission.Rewrite, permission.Type, place, sure: true);
        else if (member is Relation relation)
            foreach (EdgeType type in relation.EdgeTypes) Follow(type, place);
        return place;
    }

    private void Follow(EdgeType type, int place)
    {
        if (type.SubjectRelation is { } member)
            _builder.Add(Visit(member), new Step(StepKind.ToResources, type.Id, place, IsSure: true));
        else if (type.SubjectType == _subject && _subjectRelation is null)
            _builder.Add(_start, new Step(type.Kind == SubjectKind.Wildcard ? StepKind.ToResourcesOfEverybody : StepKind.ToResources, type.Id, place, IsSure: true));
    }

    private void Follow(Rewrite rewrite, TypeId type, int place, bool sure)
    {
        switch (rewrite)
        {
            case Rewrite.Nil:
                break;
            case Rewrite.Self:
                if (type == _subject && _subjectRelation is null) _builder.Add(_start, new Step(StepKind.Stay, default, place, sure));
                break;
            case Rewrite.Reference reference:
                _builder.Add(Visit(reference.Member), new Step(StepKind.Stay, default, place, sure));
                break;
            case Rewrite.Union union:
                foreach (Rewrite arm in union.Arms) Follow(arm, type, place, sure);
                break;
            case Rewrite.Intersection intersection:
                Follow(_arms.Of(intersection), type, place, sure: false);
                break;
            case Rewrite.Exclusion exclusion:
                Follow(exclusion.Base, type, place, sure: false);
                break;
            case Rewrite.Arrow arrow:
                foreach (ArrowTarget target in arrow.Targets)
                    _builder.Add(Visit(target.Member), new Step(StepKind.ToResources, target.EdgeType, place, sure && arrow.Kind == ArrowKind.Any));
                break;
            default:
                throw new UnreachableException();
        }
    }
}
