using System.Runtime.InteropServices;
using AuthzGraph.Graph.Writing;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Importing;

/// <summary>The updates of one chunk, each edge once. Used again for later chunks, since it is too large for the collector's nursery.</summary>
internal sealed class ChunkRoom
{
    private readonly Dictionary<RelationTuple, int> _places = new(new SameEdge());

    public List<ResolvedUpdate> Updates { get; } = [];

    /// <summary>Adds an update; false when it took the place of one about the same edge.</summary>
    public bool TryAdd(in ResolvedUpdate update)
    {
        ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, update.Tuple, out bool again);
        if (again) Updates[place] = update;
        else
        {
            place = Updates.Count;
            Updates.Add(update);
        }
        return !again;
    }

    public void Clear()
    {
        _places.Clear();
        Updates.Clear();
    }

    /// <summary>Tuples are the same edge whatever their windows and caveats.</summary>
    private sealed class SameEdge : IEqualityComparer<RelationTuple>
    {
        public bool Equals(RelationTuple x, RelationTuple y) => x.Resource == y.Resource && x.Relation == y.Relation && x.Subject == y.Subject;

        public int GetHashCode(RelationTuple tuple) => HashCode.Combine(tuple.Resource.Id.GetHashCode(StringComparison.Ordinal), tuple.Subject.Object.Id.GetHashCode(StringComparison.Ordinal));
    }
}
