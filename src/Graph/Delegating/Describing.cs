using AuthzGraph.Graph.Engine;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Delegating;

/// <summary>Looks at a chain whatever is asked of it. Each hop is judged by itself; the blame is what a decision would find first.</summary>
internal sealed class Describing(Ground ground, ObjectKey leaf)
{
    private readonly DecisionScope _scope = ground.Scope;
    private readonly List<HopReport> _hops = [];
    private Verdict _blame;
    private bool _isWalked;         // only then it is known who holds which hop
    private RelationTuple? _fact;

    public DelegationReport Run()
    {
        _scope.Explains = true;
        Blame(HopLook.Walk(ground, leaf));
        _isWalked = _blame.IsPermit;
        if (_blame.IsPermit) Blame(ChainRules.JudgeLinks(_scope));
        for (int i = 0; i < ground.Chain.Count; i++) _hops.Add(Judge(i));
        ObjectKey? root = ground.Chain.Count > 0 ? ground.Chain[0].Delegator : null;
        if (_blame.IsPermit && root is { } known && Principals.IsSuspended(_scope, known, out LiveEdge suspension))
            Blame(_scope.Deny(DenialCode.RootSuspended, 12, 0, known, suspension));
        return new DelegationReport
        {
            Code = _blame.Code,
            Hop = _blame.Hop,
            Object = _blame.IsPermit ? null : ground.Name(_blame.Object),
            FailedFact = _fact,
            Root = root is { } named && _blame.Step is 0 or > 2 ? ground.Name(named) : null,
            Chain = [.. _hops],
            Tasks = [.. Tasks()],
            Sponsors = [.. _scope.Sponsors.Distinct().Select(pair => new Sponsorship(ground.Name(pair.Agent), ground.Name(pair.Human)))],
            Lends = [.. Lends()],
            Approvers = [.. ground.Live(HopLook.PlanOf(ground, leaf).Approver, leaf).Select(edge => ground.Name(edge.Subject))],
            EndsAt = Endings.Of(ground, null),
        };
    }

    private void Blame(in Verdict verdict)
    {
        _blame = verdict;
        _fact = verdict.IsPermit || _scope.FailedFact.IsNone ? null : _scope.Name(_scope.FailedFact);
    }

    private HopReport Judge(int index)
    {
        bool isBlamed = _blame.Hop == index + 1 && _blame.Step < 11;
        Verdict own = isBlamed || !_isWalked ? default : HopRules.JudgeStanding(_scope, index);
        if (!own.IsPermit && _blame.IsPermit) Blame(own);
        ref Hop hop = ref ground.Chain[index];
        DenialCode code = isBlamed ? _blame.Code : own.Code;
        bool isHeld = !hop.DelegateEdge.IsNone;
        return new HopReport(
            ground.Name(hop.Key),
            hop.Delegator is { } delegator ? ground.Name(delegator) : null,
            isHeld ? ground.Name(hop.Delegate) : null,
            hop.Task is { } task ? ground.Name(task) : null,
            isHeld ? hop.DelegateEdge.Window : Window.Always,
            code != DenialCode.None ? HopVerdict.Broken : _isWalked ? HopVerdict.Holds : HopVerdict.NotReached,
            code);
    }

    private List<TaskReport> Tasks()
    {
        var keys = new List<ObjectKey>();
        for (int i = 0; i < ground.Chain.Count; i++)
            if (ground.Chain[i].Task is { } task)
                foreach (ObjectKey above in Ancestry.Tasks(_scope, task, _scope.Ancestors).Items)
                    if (!keys.Contains(above)) keys.Add(above);
        return [.. keys.Select(Report)];
    }

    private TaskReport Report(ObjectKey task)
    {
        if (_scope.Types[task.Type].Task is not { } plan) return new TaskReport(ground.Name(task), null, null, null, Instant.Never);
        plan.Parent.HasLive(_scope, task.Number, out LiveEdge parent);
        plan.OpenedBy.HasLive(_scope, task.Number, out LiveEdge opening);
        plan.ClosedBy.HasLive(_scope, task.Number, out LiveEdge closure);
        return new TaskReport(ground.Name(task), Subject(parent), Subject(opening), Subject(closure), Endings.OfOpening(ground, task));
    }

    private ObjectRef? Subject(in LiveEdge edge) => edge.IsNone ? null : ground.Name(edge.Subject);

    private List<RelationTuple> Lends()
    {
        var lent = new List<RelationTuple>();
        if (ground.Schema[leaf.Type].Role is not SchemaCompiler.Role.Delegation role) return lent;
        foreach (SchemaCompiler.MemberId relation in role.Lent.Values.OrderBy(id => id.Value))
        {
            EdgeWalk walk = _scope.Types[relation].Walk(leaf.Number, _scope.Revision);
            while (walk.MoveNext())
            {
                _scope.Step();
                if (_scope.Now < walk.Window.ExpiresAt) lent.Add(_scope.Name(walk.Edge));
            }
        }
        return lent;
    }
}
