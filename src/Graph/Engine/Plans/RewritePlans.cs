using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine.Plans;

internal sealed class NilPlan : CheckPlan
{
    public static readonly NilPlan Instance = new();

    protected override Finding Find(DecisionScope scope, uint resource, uint region, int subtractions, int depth) => Finding.No;
}

internal sealed class SelfPlan(TypeId type) : CheckPlan
{
    protected override Finding Find(DecisionScope scope, uint resource, uint region, int subtractions, int depth) =>
        scope.Subject == new SubjectKey(new ObjectKey(type, resource)) ? Finding.Yes : Finding.No;
}

internal sealed class UnionPlan(CheckPlan[] arms) : CheckPlan
{
    protected override Finding Find(DecisionScope scope, uint resource, uint region, int subtractions, int depth)
    {
        var any = Finding.No;
        foreach (CheckPlan arm in arms)
        {
            any = Finding.Or(any, arm.Check(scope, resource, region, subtractions, depth));
            if (any.IsMember) break;
        }
        return any;
    }
}

internal sealed class IntersectionPlan(CheckPlan[] arms) : CheckPlan
{
    protected override Finding Find(DecisionScope scope, uint resource, uint region, int subtractions, int depth)
    {
        var all = Finding.Yes;
        foreach (CheckPlan arm in arms)
        {
            all = Finding.And(all, arm.Check(scope, resource, scope.NewRegion(), subtractions, depth));
            if (all.IsNotMember) break;
        }
        return all;
    }
}

internal sealed class ExclusionPlan(CheckPlan from, CheckPlan subtracted) : CheckPlan
{
    protected override Finding Find(DecisionScope scope, uint resource, uint region, int subtractions, int depth)
    {
        Finding holds = from.Check(scope, resource, scope.NewRegion(), subtractions, depth);
        if (holds.IsNotMember) return holds;
        Mark mark = scope.Here();
        Finding excluded = subtracted.Check(scope, resource, scope.NewRegion(), subtractions + 1, depth);
        scope.ForgetWitness(mark);
        return Finding.And(holds, excluded.Not());
    }
}
