using AuthzGraph.Graph.Index;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Lookups;

/// <summary>
/// About how many edges an arm of an intersection leads through on the way to its subjects: as many as there are of its types. An arm that may let
/// in everybody names too few, so it costs more than all others. Only for choosing.
/// </summary>
internal sealed class SubjectArmCost(BoundSchema bound, TypeId type)
{
    private const long Wild = 1L << 50;
    private const long Many = 1L << 40;
    private const int DepthLimit = 8;

    private readonly WildcardReach _wildcards = new(bound.Schema, type);

    public long Of(Rewrite rewrite) => _wildcards.IsReached(rewrite) ? Wild : Of(rewrite, 0);

    private long Of(Rewrite rewrite, int depth) => rewrite switch
    {
        Rewrite.Nil => 0,
        Rewrite.Self => 1,
        Rewrite.Reference reference => Of(bound.Schema[reference.Member], depth),
        Rewrite.Union union => union.Arms.Sum(arm => Of(arm, depth)),
        Rewrite.Intersection intersection => intersection.Arms.Min(arm => Of(arm, depth)),
        Rewrite.Exclusion exclusion => Of(exclusion.Base, depth),
        Rewrite.Arrow arrow => arrow.Targets.Sum(target => bound[target.EdgeType].Count + Of(bound.Schema[target.Member], depth)),
        _ => Many,
    };

    private long Of(Member member, int depth) => member switch
    {
        _ when depth == DepthLimit => Many,
        Permission permission => Of(permission.Rewrite, depth + 1),
        Relation relation => relation.EdgeTypes.Sum(edge => bound[edge.Id].Count),
        _ => Many,
    };
}
