using System.Collections.Immutable;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Watching;

/// <summary>A published transaction as watchers see it. Names are looked up by the first watcher that asks, for all of them.</summary>
internal sealed class Committed(Published published, LogTransaction transaction, EdgeNames names)
{
    private ImmutableArray<TupleChange> _changes;

    public Published Published => published;
    public Revision Revision => published.Revision;
    public Instant CommittedAt => published.CommittedAt;

    /// <summary>How much of the backlog it takes.</summary>
    public int Weight => transaction.Entries.Count;

    public ImmutableArray<TupleChange> Changes
    {
        get
        {
            if (_changes.IsDefault) ImmutableInterlocked.InterlockedInitialize(ref _changes, names.Read(published, transaction));
            return _changes;
        }
    }

    /// <summary>Adds what the log calls the edge types that were written.</summary>
    public void AddEdgeTypesTo(HashSet<uint> written)
    {
        foreach (LogEntry entry in transaction.Entries)
            if (entry.Kind is LogEntryKind.Put or LogEntryKind.Remove) written.Add(entry.Id);
    }

    public bool HasSchema => Contains(LogEntryKind.Schema);

    public string? MetadataJson => transaction.Entries.FirstOrDefault(e => e.Kind == LogEntryKind.Metadata) is { Kind: LogEntryKind.Metadata } entry ? entry.Text : null;

    private bool Contains(LogEntryKind kind) => transaction.Entries.Any(e => e.Kind == kind);
}
