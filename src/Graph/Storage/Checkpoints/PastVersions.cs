using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>Takes over what edges were before a checkpoint, so that revisions before it can be read. In the order in which versions ended.</summary>
internal interface IPastReceiver
{
    /// <summary>A version of an edge that is visible to revisions in [<paramref name="created"/>, <paramref name="deleted"/>).</summary>
    /// <param name="edge">With the revision that wrote it, or 0: before the oldest revision that is kept.</param>
    void PutPast(in StoredEdge edge, Revision deleted);

    /// <summary>When a revision was committed, and the schema if it wrote one; oldest first.</summary>
    void Committed(Revision revision, Instant committedAt, string? schema);
}

/// <summary>
/// Rebuilds history from the log that is kept behind a checkpoint. Overwrites and deletes carry what they replace, so a version's end
/// tells all of it but when it began; that is looked up among the edges the same stretch of log wrote. Two passes: the
/// first finds the edges of which something ended, so that the second remembers no others.
/// </summary>
internal sealed class PastVersions(ITransactionLog log, IPastReceiver receiver)
{
    private readonly Dictionary<(uint Type, uint Resource, uint Subject), ulong> _created = [];

    /// <exception cref="StoreFailedException">The log is damaged there.</exception>
    public void Rebuild()
    {
        log.ReplayPast(Note);
        log.ReplayPast(Put);
    }

    private void Note(LogTransaction transaction)
    {
        foreach (LogEntry entry in transaction.Entries)
            if (entry.Replaces) _created[(entry.Id, entry.Resource, entry.Subject)] = 0;
    }

    private void Put(LogTransaction transaction)
    {
        string? schema = null;
        foreach (LogEntry entry in transaction.Entries)
        {
            if (entry.Kind == LogEntryKind.Schema) schema = entry.Text;
            if (entry.Kind is LogEntryKind.Put or LogEntryKind.Remove) Put(transaction.Revision, entry);
        }
        receiver.Committed(transaction.Revision, transaction.CommittedAt, schema);
    }

    private void Put(Revision revision, in LogEntry entry)
    {
        (uint, uint, uint) edge = (entry.Id, entry.Resource, entry.Subject);
        if (!_created.TryGetValue(edge, out ulong created)) return;
        if (entry.Replaces && created != revision.Value)
            receiver.PutPast(new StoredEdge(entry.Id, entry.Resource, entry.Subject, entry.ReplacedCaveat, created, entry.Replaced), revision);
        if (entry.Kind == LogEntryKind.Put) _created[edge] = revision.Value;
    }
}
