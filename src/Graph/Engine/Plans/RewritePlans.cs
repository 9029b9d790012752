using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine.Plans;

internal sealed class NilPlan : CheckPlan
{
    public static readonly NilPlan Instance = new();

    public override Finding Check(DecisionScope scope, uint resource, Place place) => Finding.No;
}

internal sealed class SelfPlan(TypeId type) : CheckPlan
{
    public override Finding Check(DecisionScope scope, uint resource, Place place) =>
        scope.Subject == new SubjectKey(new ObjectKey(type, resource)) ? Finding.Yes : Finding.No;
}

internal sealed class UnionPlan(CheckPlan[] arms) : BranchingPlan
{
    protected override Finding Find(DecisionScope scope, uint resource, Place place)
    {
        var any = Finding.No;
        foreach (CheckPlan arm in arms)
        {
            any = Finding.Or(any, arm.Check(scope, resource, place));
            if (any.IsMember) break;
        }
        return any;
    }

    public override void Prefetch(in Ahead ahead, uint resource, int step)
    {
        foreach (CheckPlan arm in arms) arm.Prefetch(ahead, resource, step);
    }
}

internal sealed class IntersectionPlan(CheckPlan[] arms) : BranchingPlan
{
    protected override Finding Find(DecisionScope scope, uint resource, Place place)
    {
        var all = Finding.Yes;
        foreach (CheckPlan arm in arms)
        {
            all = Finding.And(all, arm.Check(scope, resource, place.In(scope.NewRegion())));
            if (all.IsNotMember) break;
        }
        return all;
    }

    public override void Prefetch(in Ahead ahead, uint resource, int step)
    {
        foreach (CheckPlan arm in arms) arm.Prefetch(ahead, resource, step);
    }
}

internal sealed class ExclusionPlan(CheckPlan from, CheckPlan subtracted) : BranchingPlan
{
    protected override Finding Find(DecisionScope scope, uint resource, Place place)
    {
        Finding holds = from.Check(scope, resource, place.In(scope.NewRegion()));
        if (holds.IsNotMember) return holds;
        Mark mark = scope.Here();
        Finding excluded = subtracted.Check(scope, resource, place.Subtracted(scope.NewRegion()));
        scope.ForgetWitness(mark);
        return Finding.And(holds, excluded.Not());
    }

    public override void Prefetch(in Ahead ahead, uint resource, int step)
    {
        from.Prefetch(ahead, resource, step);
        subtracted.Prefetch(ahead, resource, step);
    }
}
