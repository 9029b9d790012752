using System.Diagnostics;
using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Validation;

/// <summary>
/// All subjects of a permission: its expanded tree, with every userset found at a leaf opened in turn and kept
/// beside its members. A userset met again on the way to itself adds nobody.
/// </summary>
internal sealed class FoundSubjects
{
    private const int UsersetLimit = 10_000;

    private readonly Snapshot _snapshot;
    private readonly HashSet<(ObjectRef, string)> _open = [];
    private int _opened;

    private FoundSubjects(Snapshot snapshot) => _snapshot = snapshot;

    public static SubjectSet Of(Snapshot snapshot, ObjectRef resource, string permission) => new FoundSubjects(snapshot).Open(resource, permission);

    private SubjectSet Open(ObjectRef resource, string permission)
    {
        if (!_open.Add((resource, permission))) return new SubjectSet();
        if (++_opened > UsersetLimit) throw Rejection.Limit("USERSET_LIMIT", $"the subjects come through more than {UsersetLimit} usersets");
        SubjectSet subjects = Of(_snapshot.Expand(resource, permission));
        _open.Remove((resource, permission));
        return subjects;
    }

    private SubjectSet Of(ExpandNode node) => node.Kind switch
    {
        ExpandKind.Leaf => Leaf(node),
        ExpandKind.Union => Union(node.Children.Select(Of)),
        ExpandKind.Intersection => node.Children.Select(Of).Aggregate((left, right) => left.Intersect(right)),
        ExpandKind.Exclusion => Of(node.Children[0]).Subtract(Of(node.Children[1])),
        _ => throw new UnreachableException(),
    };

    private SubjectSet Leaf(ExpandNode leaf)
    {
        SubjectSet subjects = new();
        foreach (SubjectRef subject in leaf.Subjects)
        {
            subjects.Add(subject, $"{leaf.Resource}#{leaf.Relation}");
            if (subject.Relation is { } relation) subjects.UnionWith(Open(subject.Object, relation));
        }
        return subjects;
    }

    private static SubjectSet Union(IEnumerable<SubjectSet> sets)
    {
        SubjectSet all = new();
        foreach (SubjectSet set in sets) all.UnionWith(set);
        return all;
    }
}
