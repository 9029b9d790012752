using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Writing;

/// <summary>
/// What the updates behind the one at hand will look for in memory, asked of the processor some updates before: slot, then name and text; list,
/// then place. With thousands of them in one transaction the memory is waited for once in a while instead of several times each.
/// Shown by <c>perf -- bulk-load</c>.
/// </summary>
internal readonly ref struct UpdatesAhead(BoundSchema bound, ReadOnlySpan<ResolvedUpdate> updates)
{
    private const int SlotsAhead = 12;
    private const int NamesAhead = 6;
    private const int ListsAhead = 8;
    private const int PlacesAhead = 4;

    private readonly ReadOnlySpan<ResolvedUpdate> _updates = updates;

    /// <summary>For the look at what there is of update <paramref name="i"/>.</summary>
    public void Names(int i)
    {
        if (i + SlotsAhead < _updates.Length)
        {
            ref readonly ResolvedUpdate update = ref _updates[i + SlotsAhead];
            bound[update.ResourceType.Id].PrefetchSlot(update.ResourceHash);
            if (HasSubject(update)) bound[update.EdgeType.SubjectType].PrefetchSlot(update.SubjectHash);
        }
        if (i + NamesAhead < _updates.Length)
        {
            ref readonly ResolvedUpdate update = ref _updates[i + NamesAhead];
            Prefetch(bound[update.ResourceType.Id], update.ResourceHash);
            if (HasSubject(update)) Prefetch(bound[update.EdgeType.SubjectType], update.SubjectHash);
        }
    }

    /// <summary>For the writing of update <paramref name="i"/>, once all ends of edges have their numbers.</summary>
    public void Places(int i, ReadOnlySpan<FoundEdge> edges)
    {
        if (i + ListsAhead < edges.Length)
        {
            FoundEdge edge = edges[i + ListsAhead];
            EdgeStore store = bound[_updates[i + ListsAhead].EdgeType.Id];
            store.Prefetch(edge.Resource);
            EdgesAhead.PrefetchSubject(store, edge.Subject);
        }
        if (i + PlacesAhead >= edges.Length) return;
        FoundEdge near = edges[i + PlacesAhead];
        EdgesAhead.PrefetchPlaces(bound[_updates[i + PlacesAhead].EdgeType.Id], near.Resource, near.Subject);
    }

    private static bool HasSubject(in ResolvedUpdate update) => update.EdgeType.Kind != SubjectKind.Wildcard;

    private static void Prefetch(NameTable names, ulong hash)
    {
        if (names.FindUnread(hash) is { IsNone: false } entry) names.Prefetch(entry.Number);
    }
}
