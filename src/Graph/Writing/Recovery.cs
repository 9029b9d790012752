using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Writing;

/// <summary>Makes a graph of what the store holds: the checkpoint, and the log behind it. What lies before the checkpoint comes later (<see cref="HistoryRebuild"/>).</summary>
internal static class Recovery
{
    private const int TransactionsPerTrim = 256;

    /// <returns>The schemas that history needs, oldest first.</returns>
    /// <exception cref="StoreFailedException">The store is inconsistent.</exception>
    public static IReadOnlyList<StoredSchema> Restore(ITransactionLog log, GraphIndex index, WriterState state, History history, Reclaimer reclaimer, Limits limits)
    {
        index.BeginReplay(limits.Retention);
        IReadOnlyList<StoredSchema> schemas = [];
        if (log.Checkpoint.Revision.Value > 0)
        {
            schemas = state.Load(log.Checkpoint);
            index.Horizon.RaiseLowest(new Revision(log.Oldest.Value - 1));
            history.Restart(state.Newest, schemas is [.., var inForce] ? inForce.Revision : state.Newest.Revision);
        }
        log.Replay(transaction =>
        {
            history.Publish(state.Replay(transaction));
            if (transaction.Revision.Value % TransactionsPerTrim == 0) reclaimer.Trim();
        });
        index.Memory.Marks.MarkAll(state.Newest.Revision.Value);
        return schemas;
    }
}
