using System.Collections.Immutable;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Explaining;

/// <summary>What could be done about one denial: steps, and the hop to present after them if it is another.</summary>
internal readonly record struct Proposal(ImmutableArray<RemedyStep> Steps, ObjectRef? Delegation = null)
{
    public Proposal(RemedyStep step) : this([step])
    {
    }
}

/// <summary>Proposes, by the code of a denial, what might do away with it. Proposals may be wrong: each is decided.</summary>
internal sealed class Proposals(Sketch sketch, string freshId)
{
    private const int MostPeople = 10;

    public IEnumerable<Proposal> For(CheckQuestion question, Tried denied)
    {
        Answer answer = denied.Answer;
        return answer.Code switch
        {
            DenialCode.NoPermission => ToHold(question, question.Subject),
            DenialCode.RootLacksPermission => ToHold(question, new SubjectRef(answer.Object)),
            DenialCode.PresenterSuspended or DenialCode.PrincipalSuspended or DenialCode.RootSuspended => ToResume(denied.Evidence),
            DenialCode.SponsorMissing or DenialCode.SponsorInactive => ToSponsor(answer.Object, denied.Evidence),
            DenialCode.ApprovalRequired => ToApprove(answer.Object, denied.Evidence).Concat(new NewHops(sketch, question, denied, freshId).All()),
            DenialCode.NotAutonomous or DenialCode.NotDelegable => [],
            _ => new NewHops(sketch, question, denied, freshId).All(),
        };
    }

    private IEnumerable<Proposal> ToHold(CheckQuestion question, SubjectRef holder)
    {
        Member member = MemberOf(question.Resource, question.Permission);
        foreach (ImmutableArray<TupleUpdate> changes in new Memberships(sketch, holder).Join(question.Resource, member).Alternatives)
            yield return new Proposal([.. changes.Select(update => new RemedyStep(update.Kind == UpdateKind.Delete ? RemedyKind.Lift : RemedyKind.Grant, [update]))]);
    }

    private static IEnumerable<Proposal> ToResume(Evidence evidence) => evidence.FailedFact is { } suspension
        ? [new Proposal(new RemedyStep(RemedyKind.Resume, UpdateKind.Delete, suspension))]
        : [];

    private IEnumerable<Proposal> ToSponsor(ObjectRef agent, Evidence evidence) =>
        TypeOf(agent).Role is Role.Principal { Sponsor: { } sponsor } ? Naming(agent, sponsor, RemedyKind.Sponsor, evidence) : [];

    private IEnumerable<Proposal> ToApprove(ObjectRef hop, Evidence evidence) =>
        TypeOf(hop).Role is Role.Delegation { Approver: { } approver } ? Naming(hop, approver, RemedyKind.Approve, evidence) : [];

    /// <summary>A person in a relation of an object: the root of the chain first, then others who are known.</summary>
    private IEnumerable<Proposal> Naming(ObjectRef resource, MemberId relation, RemedyKind kind, Evidence evidence)
    {
        if (sketch.Schema[relation] is not Relation declared) yield break;
        foreach (EdgeType type in declared.EdgeTypes.Where(type => type.Kind == SubjectKind.Object))
        {
            if (sketch.Schema[type.SubjectType] is not { Role: Role.Principal { Kind: PrincipalKind.Human } } humans) continue;
            if (SuggestedWindow.For(type, sketch.Now) is not { } window) continue;
            IEnumerable<ObjectRef> people = sketch.Objects(humans).OrderByDescending(person => person == evidence.Root).Take(MostPeople);
            foreach (ObjectRef person in people)
                yield return new Proposal(new RemedyStep(kind, UpdateKind.Touch, new RelationTuple(resource, declared.Name, new SubjectRef(person)) { Window = window }));
        }
    }

    private Member MemberOf(ObjectRef resource, string name) =>
        sketch.Schema.FindMember(TypeOf(resource).Id, name) ?? throw new InvariantException("the question was decided");

    private ObjectType TypeOf(ObjectRef value) => sketch.Schema.FindType(value.Type) ?? throw new InvariantException("the question was decided");
}
