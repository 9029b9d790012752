using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Reading;

/// <summary>Reads live edges and their names at one snapshot, in short stays; the caller keeps the snapshot readable.</summary>
internal sealed class LiveEdges(Snapshot snapshot, BoundSchema bound)
{
    private const int SliceEdges = 256;

    /// <summary>The live edges of one type of one resource.</summary>
    public List<EdgeVersion> Of(EdgeType type, ObjectKey resource)
    {
        var live = new List<EdgeVersion>();
        uint? after = null;
        while (ReadSlice(type, resource, ref after, live)) { }
        return live;
    }

    /// <param name="resource">What the edge's resource is called: it is known already.</param>
    public RelationTuple Tuple(EdgeType type, in EdgeVersion edge, ObjectRef resource)
    {
        using Epochs.Stay stay = Enter();
        return TupleNames.Of(bound, type, edge.Resource, edge.Subject, edge.Window, edge.Caveat) with { Resource = resource };
    }

    public ObjectRef Name(ObjectKey key)
    {
        using Epochs.Stay stay = Enter();
        return new ObjectRef(bound.Schema[key.Type].Name, bound[key.Type][key.Number]);
    }

    private bool ReadSlice(EdgeType type, ObjectKey resource, ref uint? after, List<EdgeVersion> live)
    {
        using Epochs.Stay stay = Enter();
        EdgeListWalk walk = bound[type.Id].OfResource(resource.Number, snapshot.Revision.Value, after);
        for (int i = 0; i < SliceEdges; i++)
        {
            if (!walk.MoveNext()) return false;
            after = walk.Current.Subject;
            if (walk.Current.Window.Contains(snapshot.Instant)) live.Add(walk.Current);
        }
        return true;
    }

    private Epochs.Stay Enter() => bound.Index.Enter(snapshot.Revision, snapshot.Instant);
}
