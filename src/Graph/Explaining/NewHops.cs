using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Explaining;

/// <summary>
/// The hops by which somebody could give the presenter what it lacks, since a hop that was written is never widened: below the hop before
/// the one that broke, or further up the chain, or from the root itself. Of a chain that the presenter has no part in, nothing is told.
/// </summary>
/// <param name="id">What the new hop is called; nothing is called so yet.</param>
internal sealed class NewHops(Sketch sketch, CheckQuestion question, Tried denied, string id)
{
    private readonly ObjectType _resource = sketch.Schema.FindType(question.Resource.Type) ?? throw new InvariantException("the question was decided");

    public IEnumerable<Proposal> All()
    {
        for (int above = Whole(); above > 0; above--)
            if (Below(denied.Evidence.Chain[above - 1]) is { } proposal) yield return proposal;
        if (Root is not { } root) yield break;
        foreach (ObjectType type in sketch.Schema.Types)
            if (type.Role is Role.Delegation role && Hop(type, role, root, null) is { } proposal) yield return proposal;
    }

    /// <summary>How many hops from the root on are in order.</summary>
    private int Whole() => IsForeign ? 0 : denied.Evidence.Chain.TakeWhile(hop => hop.Verdict == HopVerdict.Holds).Count();

    private bool IsForeign => denied.Answer.Code is DenialCode.PresenterMismatch or DenialCode.HopUnknown;

    private ObjectRef? Root => question.Acting.Root ?? (IsForeign ? null : denied.Evidence.Root);

    private Proposal? Below(HopReport above) =>
        above.Delegate is { } delegator && sketch.Schema.FindType(above.Hop.Type) is { Role: Role.Delegation role } type ? Hop(type, role, delegator, above) : null;

    private Proposal? Hop(ObjectType type, Role.Delegation role, ObjectRef delegator, HopReport? above)
    {
        var hop = new ObjectRef(type.Name, id);
        List<TupleUpdate> tuples = [];
        bool isWhole = Add(tuples, hop, role.Delegator, delegator)
            && AddDelegate(tuples, hop, role, above)
            && (above is not { } parent || Add(tuples, hop, role.Parent, parent.Hop))
            && (role.InTask is null || Task(above) is { } task && Add(tuples, hop, role.InTask, task))
            && role.Lent.TryGetValue(question.Permission, out MemberId lent) && Add(tuples, hop, lent, question.Resource);
        return isWhole ? new Proposal([new RemedyStep(RemedyKind.Delegate, [.. tuples])], question.Acting.Delegation is null ? null : hop) : null;
    }

    /// <summary>The task asked for, or that of the hop above, or that of the hop which won't do.</summary>
    private ObjectRef? Task(HopReport? above) =>
        question.Acting.Task ?? above?.Task ?? (IsForeign ? null : denied.Evidence.Chain.Select(hop => hop.Task).LastOrDefault(task => task is not null));

    private bool AddDelegate(List<TupleUpdate> tuples, ObjectRef hop, Role.Delegation role, HopReport? above)
    {
        TimeSpan? longest = sketch.Schema.FindMember(_resource.Id, question.Permission)?.Delegable?.MaxTtl;
        Window outer = above?.Window ?? Window.Always;
        return Add(tuples, hop, role.Delegate, question.Subject.Object, type => SuggestedWindow.For(type, sketch.Now, longest, outer));
    }

    private bool Add(List<TupleUpdate> tuples, ObjectRef hop, MemberId? relation, ObjectRef subject) =>
        Add(tuples, hop, relation, subject, type => SuggestedWindow.For(type, sketch.Now));

    /// <summary>False if the relation lists no such subject without a caveat.</summary>
    private bool Add(List<TupleUpdate> tuples, ObjectRef hop, MemberId? relation, ObjectRef subject, Func<EdgeType, Window?> windowFor)
    {
        if (relation is not { } id || sketch.Schema[id] is not Relation declared) return false;
        foreach (EdgeType type in declared.EdgeTypes)
        {
            if (type.Kind != SubjectKind.Object || sketch.Schema[type.SubjectType].Name != subject.Type || windowFor(type) is not { } window) continue;
            tuples.Add(new TupleUpdate(UpdateKind.Create, new RelationTuple(hop, declared.Name, new SubjectRef(subject)) { Window = window }));
            return true;
        }
        return false;
    }
}
