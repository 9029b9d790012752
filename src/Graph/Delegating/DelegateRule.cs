using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Writing;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Delegating;

/// <summary>
/// Whether a hop may be added to a chain, in the order in which a decision would find fault with it (docs/decisions/0001): the chain it
/// comes from, its own links, its delegate, its window, what it lends, the root. Then the tuples it is written by.
/// </summary>
/// <param name="hop">What the new hop is to be called.</param>
internal sealed class DelegateRule(Ground ground, DelegateRequest request, ObjectRef hop)
{
    private readonly DecisionScope _scope = ground.Scope;
    private readonly ObjectKey _hop = ground.KeyOfNew(hop);
    private readonly HopPlan _plan = ground.Scope.Types[ground.TypeOf(hop.Type).Id].Hop ?? throw DelegationRejections.NotOfRole(hop, "delegation");
    private ObjectKey? _task;

    /// <summary>When the new hop ends by itself; known once it was accepted.</summary>
    public Instant EndsAt { get; private set; }

    public IReadOnlyList<TupleUpdate> Run()
    {
        if (request.Lends.IsDefaultOrEmpty) throw DelegationRejections.NothingLent();
        if (Ground.IsKnown(_hop)) throw DelegationRejections.Exists(hop);
        ObjectKey delegator = ground.Actor(request.By.As);
        ObjectKey receiver = ground.Key(request.Delegate);
        ExpectChain(delegator);
        ExpectTask();
        ExpectNew(delegator, receiver);
        Window window = WindowRule.Of(ground, request, hop, _task);
        new LendingRule(ground, _hop, Root(delegator), window).Expect(request.Lends);
        EndsAt = Instant.Min(window.ExpiresAt, Endings.Of(ground, _task));
        return [.. Tuples(window).Select(tuple => new TupleUpdate(UpdateKind.Create, tuple))];
    }

    private int Number => ground.Chain.Count + 1;

    private ObjectKey Root(ObjectKey delegator) => ground.Chain.Count > 0 ? ground.Chain[0].Delegator ?? delegator : delegator;

    /// <summary>The delegator has what it passes on: by a chain that holds, or as one who may begin a chain.</summary>
    private void ExpectChain(ObjectKey delegator)
    {
        ground.Chain.Clear();
        if (request.Parent is not { } parent)
        {
            if (!Principals.IsHumanOrService(_scope, delegator)) throw ground.Refusal(DenialCode.CustodyBroken, _hop, Number);
            return;
        }
        ObjectKey leaf = ground.Key(parent);
        if (_scope.Types[leaf.Type].Hop is null) throw DelegationRejections.NotOfRole(parent, "delegation");
        Verdict verdict = ChainWalk.Walk(_scope, leaf, delegator);
        bool isForeign = verdict.Code == DenialCode.PresenterMismatch || verdict.Code == DenialCode.HopUnknown && verdict.Object == leaf;
        if (isForeign) throw ground.Refusal(DenialCode.PresenterMismatch, leaf);     // whether there is one is nobody else's business
        ground.Expect(verdict);
        ground.Expect(ChainRules.JudgeLinks(_scope));
        for (int i = 0; i < ground.Chain.Count; i++) ground.Expect(HopRules.JudgeStanding(_scope, i));
    }

    /// <summary>Its task is open, and that of the hop before or one under it.</summary>
    private void ExpectTask()
    {
        ObjectKey? above = ground.Chain.Count > 0 ? ground.Chain.Leaf.Task : null;
        if (!_plan.InTask.IsDeclared)
        {
            if (above is not null) throw ground.Refusal(DenialCode.TaskMismatch, _hop, Number);
            return;
        }
        _task = request.Task is { } named ? ground.Key(named) : above;
        if (_task is not { } task) throw ground.Refusal(DenialCode.TaskMissing, _hop, Number);
        if (_scope.Types[task.Type].Task is null) throw DelegationRejections.NotOfRole(ground.Name(task), "task");
        if (above is { } upper && !Ancestry.IsAtOrUnder(_scope, task, upper)) throw ground.Refusal(DenialCode.TaskMismatch, _hop, Number);
        ground.Expect(HopRules.JudgeTask(_scope, task, ground.Chain.Count));
    }

    private void ExpectNew(ObjectKey delegator, ObjectKey receiver)
    {
        if (request.Delegate.IsWildcard || !ground.IsAgent(receiver)) throw DelegationRejections.NotOfRole(request.Delegate, "agent");
        if (receiver == delegator || Repeats(receiver)) throw ground.Refusal(DenialCode.Cycle, receiver, Number);
        if (Number > _scope.Limits.ChainHops) throw ground.Refusal(DenialCode.DepthExceeded, _hop, Number);
        if (!IsNamedOnward(receiver)) throw ground.Refusal(DenialCode.RedelegationForbidden, _hop, Number);
        if (Principals.IsSuspended(_scope, receiver, out LiveEdge suspension))
            throw ground.Refusal(DenialCode.PrincipalSuspended, receiver, Number, suspension);
        ground.ExpectSponsored(receiver);
    }

    private bool Repeats(ObjectKey receiver)
    {
        for (int i = 0; i < ground.Chain.Count; i++)
            if (ground.Chain[i].Delegator == receiver || ground.Chain[i].Delegate == receiver) return true;
        return false;
    }

    private bool IsNamedOnward(ObjectKey receiver)
    {
        if (ground.Chain.Count == 0) return true;
        ref Hop before = ref ground.Chain.Leaf;
        return !before.Plan.Onward.IsDeclared || before.Plan.Onward.HasLiveTo(_scope, before.Key.Number, receiver);
    }

    private IEnumerable<RelationTuple> Tuples(Window window)
    {
        yield return new RelationTuple(hop, "delegator", new SubjectRef(request.By.As));
        yield return new RelationTuple(hop, "delegate", new SubjectRef(request.Delegate)) { Window = window, Caveat = request.Caveat };
        if (request.Parent is { } parent) yield return new RelationTuple(hop, "parent", new SubjectRef(parent));
        if (_task is { } task) yield return new RelationTuple(hop, "task", new SubjectRef(ground.Name(task)));
        foreach (ObjectRef next in request.Onward) yield return Fitting(new RelationTuple(hop, "onward", new SubjectRef(next)), window);
        foreach (Lending lent in request.Lends)
            yield return Fitting(new RelationTuple(hop, lent.Permission, new SubjectRef(lent.Resource)) { Caveat = lent.Caveat }, window);
    }

    /// <summary>With the hop's window if the relation wants one.</summary>
    private RelationTuple Fitting(RelationTuple tuple, Window window) =>
        EdgeTraits.MayBeEndless(ground.Schema, tuple) ? tuple : tuple with { Window = window };
}
