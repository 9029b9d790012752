using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine.Plans;

/// <summary>
/// A permission, or a relation with usersets. Met again while it is being evaluated it is no path; met again through a
/// subtraction it is unknown.
/// </summary>
internal sealed class MemberPlan(Member member) : CheckPlan
{
    private CheckPlan _body = NilPlan.Instance;
    private bool _isFlat;

    /// <summary>Once, while plans are made: how it is computed.</summary>
    public void Bind(CheckPlan body, bool isFlat) => (_body, _isFlat) = (body, isFlat);

    protected override Finding Find(DecisionScope scope, uint resource, uint region, int subtractions, int depth)
    {
        if (scope.IsSubject(member.Id, resource)) return Finding.Yes;
        Trail trail = scope.Trail;
        ulong key = Trail.Key(member.Id, resource);
        if (trail.TryFind(key, depth, out int outer))
            return outer == subtractions ? Finding.No : scope.Unknown(Rejections.CycleThroughExclusion(member.Name));
        if (!_isFlat && trail.HasFailed(region, key)) return Finding.No;
        if (depth >= scope.Limits.CheckDepth) return scope.Unknown(Rejections.Depth(scope.Limits.CheckDepth));

        trail.Enter(key, subtractions, depth);
        Finding found = _body.Check(scope, resource, region, subtractions, depth + 1);
        // an open member is walked again: by another way to it other names may be missing
        if (found.IsNotMember && !_isFlat) trail.Fail(region, key);
        return found;
    }
}
