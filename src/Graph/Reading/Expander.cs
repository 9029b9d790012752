using System.Collections.Immutable;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Reading;

/// <summary>Writes out how a permission comes about: through rewrites and arrows, down to the subjects that edges name. Usersets stay closed.</summary>
internal sealed class Expander(BoundSchema bound, ulong revision, Instant now, Limits limits, ObjectRef asked)
{
    private const int SliceEdges = 256;

    private readonly HashSet<(MemberId, uint)> _path = [];
    private int _nodes;

    public ExpandNode Expand(ObjectKey resource, MemberId member)
    {
        if (++_nodes > limits.ExpandNodes) throw Rejection.Limit("EXPAND_LIMIT", $"the tree has more than {limits.ExpandNodes} parts");
        if (bound.Schema[member] is not Permission permission) return Leaf(resource, member);
        if (_path.Count >= limits.CheckDepth) throw Rejections.Depth(limits.CheckDepth);
        if (!_path.Add((member, resource.Number))) return Node(resource, member, ExpandKind.Leaf, []);
        ExpandNode node = Expand(resource, member, permission.Rewrite);
        _path.Remove((member, resource.Number));
        return node;
    }

    private ExpandNode Expand(ObjectKey resource, MemberId member, Rewrite rewrite) => rewrite switch
    {
        Rewrite.Nil => Node(resource, member, ExpandKind.Leaf, []),
        Rewrite.Self => Node(resource, member, ExpandKind.Leaf, []) with { Subjects = [new SubjectRef(Name(resource))] },
        Rewrite.Reference reference => Node(resource, member, ExpandKind.Union, [Expand(resource, reference.Member)]),
        Rewrite.Union union => Node(resource, member, ExpandKind.Union, Arms(resource, member, union.Arms)),
        Rewrite.Intersection intersection => Node(resource, member, ExpandKind.Intersection, Arms(resource, member, intersection.Arms)),
        Rewrite.Exclusion exclusion => Node(resource, member, ExpandKind.Exclusion, Arms(resource, member, [exclusion.Base, exclusion.Subtracted])),
        Rewrite.Arrow arrow => Node(resource, member, arrow.Kind == ArrowKind.Any ? ExpandKind.Union : ExpandKind.Intersection, Targets(resource, arrow)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A reference inside an expression stands for itself; only a whole rewrite that is one gets a node around it.</summary>
    private ImmutableArray<ExpandNode> Arms(ObjectKey resource, MemberId member, ImmutableArray<Rewrite> arms) =>
        [.. arms.Select(arm => arm is Rewrite.Reference reference ? Expand(resource, reference.Member) : Expand(resource, member, arm))];

    private ImmutableArray<ExpandNode> Targets(ObjectKey resource, Rewrite.Arrow arrow)
    {
        var nodes = ImmutableArray.CreateBuilder<ExpandNode>();
        foreach (EdgeType type in EdgeTypes(arrow.Relation))
            foreach (EdgeVersion edge in Live(type, resource))
                foreach (ArrowTarget target in arrow.Targets)
                    if (target.EdgeType == type.Id) nodes.Add(Expand(new ObjectKey(type.SubjectType, edge.Subject), target.Member));
        return nodes.ToImmutable();
    }

    private ExpandNode Leaf(ObjectKey resource, MemberId relation)
    {
        var subjects = ImmutableArray.CreateBuilder<SubjectRef>();
        foreach (EdgeType type in EdgeTypes(relation))
            foreach (EdgeVersion edge in Live(type, resource)) subjects.Add(Subject(type, edge));
        return Node(resource, relation, ExpandKind.Leaf, []) with { Subjects = subjects.ToImmutable() };
    }

    private ImmutableArray<EdgeType> EdgeTypes(MemberId relation) => bound.Schema[relation] is Relation r ? r.EdgeTypes : [];

    /// <summary>The live edges of one type, read in slices.</summary>
    private List<EdgeVersion> Live(EdgeType type, ObjectKey resource)
    {
        var live = new List<EdgeVersion>();
        uint? after = null;
        while (ReadSlice(type, resource, ref after, live)) { }
        return live;
    }

    private bool ReadSlice(EdgeType type, ObjectKey resource, ref uint? after, List<EdgeVersion> live)
    {
        using Epochs.Stay stay = Enter();
        EdgeListWalk walk = bound[type.Id].OfResource(resource.Number, revision, after);
        for (int i = 0; i < SliceEdges; i++)
        {
            if (!walk.MoveNext()) return false;
            after = walk.Current.Subject;
            if (walk.Current.Window.Contains(now)) live.Add(walk.Current);
        }
        return true;
    }

    private SubjectRef Subject(EdgeType type, in EdgeVersion edge)
    {
        using Epochs.Stay stay = Enter();
        return TupleNames.Of(bound, type, edge.Resource, edge.Subject, edge.Window, edge.Caveat).Subject;
    }

    private Epochs.Stay Enter()
    {
        Epochs.Stay stay = bound.Index.Memory.Epochs.Enter();
        try
        {
            bound.Index.Horizon.Expect(new Revision(revision), now);
            return stay;
        }
        catch
        {
            stay.Dispose();
            throw;
        }
    }

    private ExpandNode Node(ObjectKey resource, MemberId member, ExpandKind kind, ImmutableArray<ExpandNode> children) =>
        new(Name(resource), bound.Schema[member].Name, kind, children, []);

    // the object asked about may be one that no tuple names
    private ObjectRef Name(ObjectKey key)
    {
        if (key.Number >= EdgeStore.FirstUnknown) return asked;
        using Epochs.Stay stay = Enter();
        return new ObjectRef(bound.Schema[key.Type].Name, bound[key.Type][key.Number]);
    }
}
