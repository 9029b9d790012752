using System.Collections.Immutable;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Watching;

/// <summary>
/// Turns the lines of a transaction, which say edge types and objects by number, into changes of tuples by name. Names are there for
/// as long as a retained revision mentions them, so a transaction is read only while it lies within the retention.
/// </summary>
internal sealed class EdgeNames
{
    private readonly Lock _gate = new();
    private BoundSchema? _bound;
    private Dictionary<uint, EdgeType> _types = [];

    public ImmutableArray<TupleChange> Read(Published published, LogTransaction transaction)
    {
        if (published.Bound is not { } bound) return [];
        var changes = ImmutableArray.CreateBuilder<TupleChange>();
        foreach (LogEntry entry in transaction.Entries)
            if (entry.Kind is LogEntryKind.Put or LogEntryKind.Remove) changes.Add(Read(bound, entry, transaction.CommittedAt));
        return changes.ToImmutable();
    }

    private TupleChange Read(BoundSchema bound, in LogEntry entry, Instant committedAt)
    {
        EdgeType type = TypeOf(bound, entry.Id);
        if (entry.Kind == LogEntryKind.Remove) return new TupleChange(TupleChangeKind.Deleted, Before(bound, type, entry));
        RelationTuple tuple = TupleNames.Of(bound, type, entry.Resource, entry.Subject, entry.Window, entry.Caveat);
        return entry.Replaces && committedAt < entry.Replaced.ExpiresAt
            ? new TupleChange(TupleChangeKind.Touched, tuple, Before(bound, type, entry))
            : new TupleChange(TupleChangeKind.Created, tuple);
    }

    private static RelationTuple Before(BoundSchema bound, EdgeType type, in LogEntry entry) =>
        TupleNames.Of(bound, type, entry.Resource, entry.Subject, entry.Replaced, entry.ReplacedCaveat);

    /// <summary>The edge type that the log calls by a number. A schema may learn numbers after it was bound.</summary>
    private EdgeType TypeOf(BoundSchema bound, uint number)
    {
        lock (_gate)
        {
            if (_bound == bound && _types.TryGetValue(number, out EdgeType? known)) return known;
            (_bound, _types) = (bound, bound.Schema.EdgeTypes.Where(t => bound[t.Id].LogNumber != 0).ToDictionary(t => bound[t.Id].LogNumber));
            Invariant.That(_types.ContainsKey(number));
            return _types[number];
        }
    }
}
