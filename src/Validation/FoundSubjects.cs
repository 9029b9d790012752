using System.Diagnostics;
using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Validation;

/// <summary>
/// All subjects of a permission: its expanded tree, with every userset found at a leaf opened in turn and kept
/// beside its members. A userset met again on the way to itself adds nobody. With caveats in the schema, the tree only
/// says who may be among them, and <see cref="WeighedSubjects"/> who is.
/// </summary>
internal sealed class FoundSubjects
{
    private const int UsersetLimit = 10_000;

    private readonly Snapshot _snapshot;
    private readonly HashSet<(ObjectRef, string)> _open = [];
    private int _opened;

    private readonly bool _hasCaveats;

    private FoundSubjects(Snapshot snapshot)
    {
        _snapshot = snapshot;
        _hasCaveats = !snapshot.Schema.Caveats.IsEmpty;
    }

    public static IEnumerable<KeyValuePair<SubjectRef, Found>> Of(Snapshot snapshot, ObjectRef resource, string permission)
    {
        FoundSubjects search = new(snapshot);
        SubjectSet found = search.Open(resource, permission);
        return search._hasCaveats ? new WeighedSubjects(snapshot, resource, permission, found).All() : found.All;
    }

    private SubjectSet Open(ObjectRef resource, string permission)
    {
        if (!_open.Add((resource, permission))) return new SubjectSet();
        if (++_opened > UsersetLimit) throw Rejection.Limit("USERSET_LIMIT", $"the subjects come through more than {UsersetLimit} usersets");
        SubjectSet subjects = Of(_snapshot.Expand(resource, permission));
        _open.Remove((resource, permission));
        return subjects;
    }

    private SubjectSet Of(Expansion part) => part.Kind switch
    {
        ExpandKind.Leaf => Leaf(part),
        ExpandKind.Union => Union(part.Children.Select(Of)),
        ExpandKind.Intersection => part.Children.Select(Of).Aggregate((left, right) => left.Intersect(right)),
        ExpandKind.Exclusion when _hasCaveats => Of(part.Children[0]).SubtractPerhaps(Of(part.Children[1])),
        ExpandKind.Exclusion => Of(part.Children[0]).Subtract(Of(part.Children[1])),
        _ => throw new UnreachableException(),
    };

    private SubjectSet Leaf(Expansion leaf)
    {
        SubjectSet subjects = new();
        foreach (SubjectRef subject in leaf.Subjects.Select(found => found.Subject))
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
