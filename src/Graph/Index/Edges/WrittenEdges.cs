namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// Finds the versions that were written after some revision. The first time all edges that have versions are looked at; from then on it is noted which are
/// written, so that who asks again is told soon, until that has become much. Writer only.
/// </summary>
internal sealed class WrittenEdges(VersionTable versions)
{
    private const int MostNoted = 1 << 16;
    private const int LookedUpAtOnce = 256;

    private readonly record struct Written(ulong Revision, uint Resource, uint Subject);

    private List<Written>? _noted;
    private ulong _notedAfter;

    /// <summary>A revision wrote an edge.</summary>
    public void Note(ulong revision, uint resource, uint subject)
    {
        if (_noted is null) return;
        if (_noted.Count < MostNoted) _noted.Add(new Written(revision, resource, subject));
        else _noted = null;
    }

    /// <summary>
    /// The versions that nothing ended and that were written after a revision that can be read, some at a time; each list
    /// is overwritten by the next. There may be writes in between: what they write may not be found.
    /// </summary>
    /// <param name="last">The last revision that wrote an edge.</param>
    public IEnumerable<List<EdgeVersion>> Since(ulong revision, ulong last)
    {
        if (_noted is { } noted && _notedAfter <= revision) return LookedUp(noted, revision);
        if (_noted is null) (_noted, _notedAfter) = ([], last);
        return Found(revision);
    }

    private IEnumerable<List<EdgeVersion>> LookedUp(List<Written> noted, ulong revision)
    {
        List<EdgeVersion> found = [];
        int count = noted.Count;
        for (int i = 0; i < count; i++)
        {
            (ulong created, uint resource, uint subject) = noted[i];
            if (created > revision && versions.TryNewest(resource, subject, out EdgeVersion newest) && newest.Created == created && Stands(newest)) found.Add(newest);
            if (i % LookedUpAtOnce != LookedUpAtOnce - 1 && i != count - 1) continue;
            yield return found;
            found.Clear();
        }
    }

    private IEnumerable<List<EdgeVersion>> Found(ulong revision)
    {
        List<VersionedEdge> part = [];
        List<EdgeVersion> found = [];
        ulong position = 0;
        for (bool more = true; more; part.Clear(), found.Clear())
        {
            more = versions.NextPart(ref position, revision, ulong.MaxValue, part);
            foreach (VersionedEdge edge in part)
                if (versions.Newest(edge) is var newest && newest.Created > revision && Stands(newest)) found.Add(newest);
            yield return found;
        }
    }

    private static bool Stands(in EdgeVersion version) => version.Deleted == EdgeVersion.NotDeleted;
}
