namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// What writing an edge will touch, asked of the processor some edges before. Resources come in an order that lies together; subjects
/// lie anywhere, so it is their side that is waited for.
/// </summary>
internal static class EdgesAhead
{
    /// <summary>First: where the list of a subject is told, and what is kept of its name.</summary>
    public static void PrefetchSubject(EdgeStore edges, uint subject)
    {
        edges.Reverse.Prefetch(subject);
        edges.Subjects?.Prefetch(subject);
    }

    /// <summary>Once that is there: where the subject's list would hold the resource.</summary>
    public static void PrefetchList(EdgeStore edges, uint resource, uint subject) => EdgeList.Prefetch(edges.Reverse.List(subject), EdgeCode.Word(resource));

    /// <summary>The same, and where the version will be told.</summary>
    public static void PrefetchPlaces(EdgeStore edges, uint resource, uint subject)
    {
        PrefetchList(edges, resource, subject);
        edges.Versions.Prefetch(resource, subject);
    }
}
