using System.Collections.Immutable;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Lookups;

/// <summary>Finds the resources on which a subject holds a permission itself.</summary>
internal sealed class ResourceSource(BoundSchema bound, ResourceLookupRequest request, LookupCursor? cursor) : ILookupSource
{
    private ResolvedQuestion _question;

    public NameTable Names => bound[_question.Resource.Type];

    public ulong Arms { get; private set; }

    // only the subject can be among the objects found without any tuple naming it
    public (uint Number, string Id)? MadeUp =>
        _question.Subject.Object.Number >= EdgeStore.FirstUnknown ? (_question.Subject.Object.Number, request.Subject.Object.Id) : null;

    /// <summary>Why the subject is denied whatever the resource; none if that depends on it.</summary>
    public DenialCode Barred { get; private set; }

    public void Begin(DecisionScope scope, LookupRoom room)
    {
        _question = LookupQuestion.OfResources(bound, request);
        scope.Renew();
        Barred = LookupQuestion.Barred(Decider.Decide(scope, _question, explain: false));
        if (Barred != DenialCode.None) return;
        ArmChoice arms = Choose();
        Arms = arms.Bits;
        SubjectKey subject = _question.Subject;
        LookupPlan plan = bound.Lookups.Resources(_question.Member, subject.Object.Type, subject.Relation, arms);
        room.Walk.Begin(plan, new PlainJudge(subject), cursor is null ? null : LookupQuestion.NumberOf(cursor.Last, this));
        room.Walk.Enter(scope, plan.Start, subject.Object.Number, sure: true, room.Found);
    }

    public bool Read(DecisionScope scope, LookupRoom room)
    {
        if (Barred != DenialCode.None) return false;
        if (room.Walk.Read(scope, room.Found)) return true;
        if (room.Walk.IsPassing) throw Rejections.InvalidCursor();
        return false;
    }

    private ArmChoice Choose()
    {
        ImmutableArray<Rewrite.Intersection> sites = bound.Lookups.Intersections(_question.Member);
        if (cursor is not null) return new ArmChoice(sites, cursor.Arms);
        return sites.IsEmpty ? new ArmChoice(sites, 0) : ArmChoice.Cheapest(sites, new ResourceArmCost(bound, _question.Subject).Of);
    }
}
