using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Delegating;

/// <summary>
/// A task within another is opened by whoever opened that one or holds a live hop in it, while it is open; an agent opens no other. It is closed
/// by whoever opened it or one above it, by one who answers for such an opener, or by an administrator; once.
/// </summary>
internal static class TaskRules
{
    /// <param name="task">What the new task is to be called.</param>
    public static IReadOnlyList<TupleUpdate> Open(Ground ground, OpenTaskRequest request, ObjectRef task, out Instant endsAt)
    {
        ObjectKey key = ground.KeyOfNew(task);
        if (ground.Scope.Types[key.Type].Task is null) throw DelegationRejections.NotOfRole(task, "task");
        if (IsWritten(ground, key)) throw DelegationRejections.Exists(task);
        ObjectKey opener = ground.Actor(request.By.As);
        if (ground.IsAgent(opener)) ground.ExpectSponsored(opener);
        ObjectKey? parent = request.Parent is { } named ? ground.Key(named) : null;
        if (parent is { } above) ExpectMayOpenIn(ground, opener, above);
        else if (ground.IsAgent(opener)) throw DelegationRejections.ParentNeeded(request.By.As);

        Instant latest = parent is { } upper ? Endings.OfTask(ground, upper) : Instant.Never;
        var opening = new RelationTuple(task, "opened_by", new SubjectRef(request.By.As));
        Window window = WindowRule.Of(request.Term, ground.Now, EdgeTraits.MayEnd(ground.Schema, opening) ? latest : Instant.Never);
        if (!window.ExpiresAt.IsFinite && !EdgeTraits.MayBeEndless(ground.Schema, opening)) throw DelegationRejections.EndNeeded(task);
        endsAt = Instant.Min(window.ExpiresAt, latest);
        List<TupleUpdate> updates = [new TupleUpdate(UpdateKind.Create, opening with { Window = window })];
        if (request.Parent is { } under) updates.Add(new TupleUpdate(UpdateKind.Create, new RelationTuple(task, "parent", new SubjectRef(under))));
        return updates;
    }

    public static IReadOnlyList<TupleUpdate> Close(Ground ground, CloseTaskRequest request)
    {
        ObjectKey task = ground.Key(request.Task);
        if (ground.Scope.Types[task.Type].Task is not { } plan) throw DelegationRejections.NotOfRole(request.Task, "task");
        if (!IsWritten(ground, task)) throw DelegationRejections.NotFound(request.Task, "task");
        if (!plan.ClosedBy.IsDeclared) throw DelegationRejections.NotDeclared(request.Task, "closed_by");
        ObjectKey closer = ground.Actor(request.By.As);
        if (request.By.Standing != Standing.Administrator && !Concerns(ground, task, closer))
            throw DelegationRejections.NotAParty(request.By.As, request.Task, "who opened it or a task above it, or one who answers for that agent,");
        if (plan.ClosedBy.HasLive(ground.Scope, task.Number, out _)) return [];
        return [new TupleUpdate(UpdateKind.Touch, new RelationTuple(request.Task, "closed_by", new SubjectRef(request.By.As)))];
    }

    /// <summary>Whether anything was ever written on the object.</summary>
    public static bool IsWritten(Ground ground, ObjectKey value) => Ground.IsKnown(value)
        && ground.Schema[value.Type].Members.OfType<Relation>().Any(relation => relation.EdgeTypes.Any(edge => ground.Scope.Bound[edge.Id].Mentions(value.Number)));

    private static void ExpectMayOpenIn(Ground ground, ObjectKey opener, ObjectKey parent)
    {
        if (ground.Scope.Types[parent.Type].Task is not { } plan) throw DelegationRejections.NotOfRole(ground.Name(parent), "task");
        ground.Expect(HopRules.JudgeTask(ground.Scope, parent, index: 0));
        bool opened = ground.Live(plan.OpenedBy, parent).Any(edge => edge.Subject == opener);
        if (!opened && !HoldsHopIn(ground, opener, parent)) throw DelegationRejections.NotInTask(ground.Name(opener), ground.Name(parent));
    }

    private static bool HoldsHopIn(Ground ground, ObjectKey opener, ObjectKey task)
    {
        foreach (TypePlan type in ground.Scope.Types.Hops)
            if (type.Hop is { } plan)
                foreach (PlannedEdges edges in plan.InTask.Edges.ToArray())
                    if (edges.SubjectType == task.Type && HoldsHopIn(ground, plan, edges.Store, opener, task)) return true;
        return false;
    }

    private static bool HoldsHopIn(Ground ground, HopPlan plan, EdgeStore inTask, ObjectKey opener, ObjectKey task)
    {
        EdgeListWalk hops = inTask.OfSubject(task.Number, ground.Scope.Revision);
        while (hops.MoveNext())
        {
            ground.Scope.Step();
            uint hop = hops.Current.Resource;
            if (plan.Delegate.HasLiveTo(ground.Scope, hop, opener) && !plan.RevokedBy.HasLive(ground.Scope, hop, out _)) return true;
        }
        return false;
    }

    private static bool Concerns(Ground ground, ObjectKey task, ObjectKey closer)
    {
        List<ObjectKey> openers = [];
        foreach (ObjectKey above in Ancestry.Tasks(ground.Scope, task, ground.Scope.Ancestors).Items)
        {
            EdgeWalk walk = (ground.Scope.Types[above.Type].Task?.OpenedBy ?? PlannedRelation.None).Walk(above.Number, ground.Scope.Revision);
            while (walk.MoveNext()) openers.Add(walk.Subject);
        }
        return openers.Contains(closer) || openers.Any(opener => ground.AnswersFor(closer, opener));
    }
}
