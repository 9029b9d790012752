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

    private static void Free(GraphIndex index, NameTable names, uint number)
    {
        foreach (EdgeStore edges in index.Edges)
        {
            if (edges.Type.ResourceType == names.Type) DropAll(edges, edges.NewestOfResource(number));
            if (edges.Type.SubjectType == names.Type && !edges.Type.IsWildcard) DropAll(edges, edges.NewestOfSubject(number));
        }
        names.Unbind(number);
    }

    private static void DropAll(EdgeStore edges, List<uint> newest)
    {
        foreach (uint place in newest)
        {
            VersionRecord record = place == 0 ? default : edges.Versions[place];
            bool mayGo = place != 0 && (record.Deleted != EdgeVersion.NotDeleted || record.Window.ExpiresAt.IsFinite);
            Expect(mayGo, $"an edge of `{edges.Text}` stands that mentions a number given out again");
            edges.Drop(place);
        }
    }

    // what mentions a caveat has no list of its own; all that is behind the log's horizon goes, once per horizon
    private static void Free(GraphIndex index, uint caveat)
    {
        if (index.Caveats.TryUnbind(caveat)) return;
        Sweep.Everything(index);
        Expect(index.Caveats.TryUnbind(caveat), $"an edge stands that mentions caveat {caveat}, which is given out again");
    }

    private static void Expect(bool holds, string problem)
    {
        if (!holds) throw new StoreFailedException($"the log is inconsistent: {problem}");
    }
}
