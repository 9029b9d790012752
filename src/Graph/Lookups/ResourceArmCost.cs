using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Lookups;

/// <summary>
/// About how many objects an arm of an intersection leads to from one subject: exactly where the subject's own edges say so, else
/// as many as there are edges. Only for choosing; a wrong guess costs time and nothing else.
/// </summary>
internal sealed class ResourceArmCost(BoundSchema bound, SubjectKey subject)
{
    private const long Many = 1L << 40;
    private const int DepthLimit = 8;

    public long Of(Rewrite rewrite) => Of(rewrite, 0);

    private long Of(Rewrite rewrite, int depth) => rewrite switch
    {
        Rewrite.Nil => 0,
        Rewrite.Self => 1,
        Rewrite.Reference reference => Of(bound.Schema[reference.Member], depth),
        Rewrite.Union union => Math.Min(union.Arms.Sum(arm => Of(arm, depth)), Many),
        Rewrite.Intersection intersection => intersection.Arms.Min(arm => Of(arm, depth)),
        Rewrite.Exclusion exclusion => Of(exclusion.Base, depth),
        Rewrite.Arrow arrow => arrow.Targets.Sum(target => bound[target.EdgeType].Count),
        _ => Many,
    };

    private long Of(Member member, int depth) => member switch
    {
        _ when depth == DepthLimit => Many,
        Permission permission => Of(permission.Rewrite, depth + 1),
        Relation relation => relation.EdgeTypes.Sum(Of),
        _ => Many,
    };

    private long Of(EdgeType type)
    {
        if (type.SubjectRelation is not null) return bound[type.Id].Count;
        if (type.SubjectType != subject.Object.Type || subject.Relation is not null) return 0;
        return bound[type.Id].CountOfSubject(type.Kind == SubjectKind.Wildcard ? EdgeStore.Wildcard : subject.Object.Number);
    }
}
