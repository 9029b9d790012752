using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index;

/// <summary>
/// Numbers and names as a replayed log binds them. The process that wrote the log had reclaimed what a number it gave out again
/// stood for before; replay, which reclaims at other moments, may still hold that. It was dead behind the horizon or long
/// expired, so it goes first, and so does a name that comes back under another number. What is bound so already stays.
/// </summary>
internal static class Rebinding
{
    /// <exception cref="StoreFailedException">Something that is not dead still mentions the number.</exception>
    public static void Bind(GraphIndex index, NameTable names, uint number, string name)
    {
        Expect(number is > 0 and <= EdgeCode.MaxNumber && Model.Names.IsObjectId(name), $"`{name}` can't be number {number}");
        uint known = names.Find(name);
        if (known == number) return;
        if (names.IsBound(number)) Free(index, names, number);
        if (known != 0) Free(index, names, known);
        names.Bind(number, name);
    }

    /// <inheritdoc cref="Bind(GraphIndex, NameTable, uint, string)"/>
    public static void Bind(GraphIndex index, uint number, CaveatRef caveat)
    {
        Expect(number is > 0 and <= EdgeCode.MaxNumber, $"`{caveat}` can't be number {number}");
        uint known = index.Caveats.Find(caveat);
        if (known == number) return;
        if (index.Caveats.IsBound(number)) Free(index, number);
        if (known != 0) Free(index, known);
        index.Caveats.Bind(number, caveat);
    }

    /// <summary>
    /// An edge that is written as a new one, though replay has one that nothing ended, had been reclaimed by the process that wrote the log: it was long
    /// expired. It goes here too. Were it ended by the new one instead, what it mentions would seem to be needed until then.
    /// </summary>
    public static void Renew(GraphIndex index, EdgeStore edges, uint resource, uint subject)
    {
        if (!edges.TryFindWord(resource, subject, out uint word) || (word & EdgeCode.Versioned) == 0) return;
        EdgeVersion newest = edges.Newest(resource, subject);
        if (newest.Deleted == EdgeVersion.NotDeleted && newest.Window.ExpiresAt.IsFinite) DropAll(index, edges, [newest]);
    }

    private static void Free(GraphIndex index, NameTable names, uint number)
    {
        foreach (EdgeStore edges in index.Edges)
        {
            if (edges.Type.ResourceType == names.Type) DropAll(index, edges, edges.NewestOfResource(number));
            if (edges.Type.SubjectType == names.Type && !edges.Type.IsWildcard) DropAll(index, edges, edges.NewestOfSubject(number));
        }
        names.Unbind(number);
    }

    private static void DropAll(GraphIndex index, EdgeStore edges, List<EdgeVersion> newest)
    {
        foreach (EdgeVersion version in newest)
        {
            bool mayGo = version.Deleted != EdgeVersion.NotDeleted || version.Window.ExpiresAt.IsFinite;
            Expect(mayGo, $"an edge of `{edges.Text}` stands that mentions a number given out again");
            Gone(index, version.Deleted != EdgeVersion.NotDeleted ? version.Deleted : version.Created);
            edges.Drop(version.Resource, version.Subject);
        }
    }

    // What mentions a caveat has no list of its own. All that is behind the log's horizon goes, once per horizon; that is enough but where the
    // process that wrote the log kept less than this one does.
    private static void Free(GraphIndex index, uint caveat)
    {
        if (index.Caveats.TryUnbind(caveat)) return;
        Sweep.Everything(index);
        if (index.Caveats.TryUnbind(caveat)) return;
        foreach (EdgeStore edges in index.Edges) DropAll(index, edges, caveat);
        Expect(index.Caveats.TryUnbind(caveat), $"an edge stands that mentions caveat {caveat}, which is given out again");
    }

    private static void DropAll(GraphIndex index, EdgeStore edges, uint caveat)
    {
        var part = new List<VersionedEdge>();
        ulong position = 0;
        for (bool more = true; more; part.Clear())
        {
            more = edges.Versions.NextPart(ref position, after: 0, upTo: 0, part);      // none that is plain has a caveat
            foreach (VersionedEdge edge in part) CutAt(index, edges, edge.Slot.Place, caveat);
        }
    }

    /// <summary>Takes an edge's newest version that has the caveat out, with all before it.</summary>
    private static void CutAt(GraphIndex index, EdgeStore edges, uint newest, uint caveat)
    {
        uint newer = 0;
        for (uint place = newest; place != 0; (newer, place) = (place, edges.Versions[place].Older))
        {
            if (edges.Versions[place].Caveat != caveat) continue;
            if (newer == 0)
            {
                DropAll(index, edges, [edges.Versions[newest].ToVersion()]);
                return;
            }
            Gone(index, edges.Versions[place].Deleted);
            edges.Versions.CutAfter(newer);
            return;
        }
    }

    /// <summary>What has an end was reclaimed behind a horizon that the log need not tell: no revision that saw it can be read.</summary>
    private static void Gone(GraphIndex index, ulong revision) => index.Horizon.Advance(new Revision(revision), Instant.Beginning, Instant.Never);

    private static void Expect(bool holds, string problem)
    {
        if (!holds) throw new StoreFailedException($"the log is inconsistent: {problem}");
    }
}
