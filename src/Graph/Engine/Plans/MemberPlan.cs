using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine.Plans;

/// <summary>
/// A permission, or a relation with usersets. Met again while it is being evaluated it is no path; met again through a
/// subtraction it is unknown.
/// </summary>
internal sealed class MemberPlan(Member member) : CheckPlan
{
    private readonly ulong _key = Trail.Key(member.Id, 0);
    private CheckPlan _body = NilPlan.Instance;
    private bool _isFlat;

    /// <summary>Once, while plans are made: how it is computed.</summary>
    public void Bind(CheckPlan body, bool isFlat) => (_body, _isFlat) = (body, isFlat);

    public override Finding Check(DecisionScope scope, uint resource, Place place)
    {
        ulong key = _key | resource;
        if (scope.IsSubject(key)) return Finding.Yes;
        Trail trail = scope.Trail;
        if (trail.TryFind(key, place.Depth, out int subtractions))
            return subtractions == place.Subtractions ? Finding.No : scope.Unknown(Rejections.CycleThroughExclusion(member.Name));
        if (!_isFlat && trail.HasFailed(place.Region, key)) return Finding.No;
        if (place.Depth >= scope.DepthLimit) return scope.Unknown(Rejections.Depth(scope.DepthLimit));

        trail.Enter(key, place);
        Finding found = _body.Check(scope, resource, place.Deeper());
        // an open member is walked again: by another way to it other names may be missing
        if (found.IsNotMember && !_isFlat) trail.Fail(place.Region, key);
        return found;
    }

    public override void Prefetch(in Ahead ahead, uint resource, int step)
    {
        if (ahead.Deeper(out Ahead inside)) _body.Prefetch(inside, resource, step);
    }
}
