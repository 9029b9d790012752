using AuthzGraph.Graph.Writing;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Importing;

/// <summary>The updates of one chunk, each edge once. Used again for later chunks, since it is too large for the collector's nursery.</summary>
internal sealed class ChunkRoom
{
    private const int SmallestTable = 1024;

    private int[] _places = new int[SmallestTable];     // by the hashes of both names, open addressing: which update, from 1

    public List<ResolvedUpdate> Updates { get; } = [];

    /// <summary>Adds an update; false when it took the place of one about the same edge.</summary>
    public bool TryAdd(in ResolvedUpdate update)
    {
        if (Updates.Count * 2 >= _places.Length) Grow();
        ref int place = ref Place(update);
        if (place != 0)
        {
            Updates[place - 1] = update;
            return false;
        }
        Updates.Add(update);
        place = Updates.Count;
        return true;
    }

    public void Clear()
    {
        Array.Clear(_places);
        Updates.Clear();
    }

    private void Grow()
    {
        _places = new int[_places.Length * 2];
        for (int i = 0; i < Updates.Count; i++) Place(Updates[i]) = i + 1;
    }

    /// <summary>Where an update about the same edge is, or where it would be.</summary>
    private ref int Place(in ResolvedUpdate update)
    {
        int mask = _places.Length - 1;
        int at = (int)(update.ResourceHash ^ ulong.RotateLeft(update.SubjectHash, 17)) & mask;
        while (_places[at] != 0 && !IsSameEdge(Updates[_places[at] - 1], update)) at = (at + 1) & mask;
        return ref _places[at];
    }

    /// <summary>Tuples are the same edge whatever their windows and caveats.</summary>
    private static bool IsSameEdge(in ResolvedUpdate one, in ResolvedUpdate other) =>
        one.ResourceHash == other.ResourceHash && one.SubjectHash == other.SubjectHash && IsSameEdge(one.Tuple, other.Tuple);

    private static bool IsSameEdge(in RelationTuple one, in RelationTuple other) =>
        one.Resource == other.Resource && one.Relation == other.Relation && one.Subject == other.Subject;
}
