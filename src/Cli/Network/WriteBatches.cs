using AuthzGraph.Model;

namespace AuthzGraph.Cli.Network;

/// <summary>
/// Cuts a long list of relationships into requests a server takes. Those of one resource stay in one request, since
/// hops and tasks are written whole.
/// </summary>
internal static class WriteBatches
{
    public static IEnumerable<IReadOnlyList<RelationTuple>> Of(IReadOnlyList<RelationTuple> tuples)
    {
        int limit = Limits.Default.UpdatesPerWrite;
        List<RelationTuple> batch = [];
        foreach (IGrouping<ObjectRef, RelationTuple> resource in tuples.Distinct().GroupBy(t => t.Resource))
        {
            RelationTuple[] whole = [.. resource];
            if (batch.Count > 0 && batch.Count + whole.Length > limit)
            {
                yield return batch;
                batch = [];
            }
            batch.AddRange(whole);
        }
        if (batch.Count > 0) yield return batch;
    }
}
