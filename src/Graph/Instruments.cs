using AuthzGraph.Graph.Counting;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph;

/// <summary>What one graph can be watched by: its <see cref="GraphMeter"/> reads it when somebody looks, so it costs nothing otherwise.</summary>
internal sealed class Instruments : IDisposable
{
    private readonly ITransactionLog _log;
    private readonly History _history;
    private readonly GraphIndex _index;
    private readonly TimeProvider _time;
    private readonly Revision _opened;
    private readonly Func<bool> _isWriting;
    private readonly Func<int> _watchers;
    private readonly bool _ownsMeter;
    private volatile bool _isTold;

    public Instruments(GraphOptions options, ITransactionLog log, History history, GraphIndex index, Func<bool> isWriting, Func<int> watchers)
    {
        (_log, _history, _index, _time, _opened) = (log, history, index, options.Time, history.Head.Revision);
        (_isWriting, _watchers) = (isWriting, watchers);
        (Meter, _ownsMeter) = (options.Meter ?? new GraphMeter(), options.Meter is null);
        Tags = options.Name is { } name ? [new("store", name)] : [];
    }

    public GraphMeter Meter { get; }

    /// <summary>What tells the graph from others of one meter.</summary>
    public KeyValuePair<string, object?>[] Tags { get; }

    public DecisionCounts Decisions { get; } = new();

    /// <summary>Whether the meter tells of this graph; set by it.</summary>
    public bool IsTold { set => _isTold = value; }

    public long Commits => _log.Figures.Commits;
    public long Transactions => (long)(_history.Head.Revision.Value - _opened.Value);
    public long CheckpointFailures => _log.Checkpoint.State.Failures;
    public long CheckpointRevision => (long)_log.Checkpoint.State.Revision.Value;
    public long LogBytes => _log.Figures.Bytes;
    public long HeadRevision => (long)_history.Head.Revision.Value;
    public long HorizonRevision => (long)_index.Horizon.Revision.Value;
    public long IsHealthy => _isWriting() ? 1 : 0;
    public long Watchers => _watchers();
    public long IndexBytes => MemoryUse.Of(_index).Reserved;

    /// <summary>Seconds; 0 where there is no checkpoint.</summary>
    public long CheckpointAge => _log.Checkpoint.State.TakenAt is { } taken
        ? Math.Max(0, (Instant.From(_time.GetUtcNow()).Microseconds - taken.Microseconds) / 1_000_000)
        : 0;

    public long Tuples
    {
        get
        {
            if (_history.Head.Bound is not { } bound) return 0;
            long count = 0;
            foreach (EdgeType type in bound.Schema.EdgeTypes) count += bound[type.Id].Count;
            return count;
        }
    }

    /// <summary>From now on the meter tells of this graph, as far as it tells of so many.</summary>
    public void Begin() => Meter.Add(this);

    /// <param name="seconds">From when a transaction was taken up until it was on stable storage.</param>
    public void Durable(double seconds)
    {
        if (_isTold) Meter.Latency.Record(seconds, Tags);
    }

    public void Dispose()
    {
        Meter.Remove(this);
        if (_ownsMeter) Meter.Dispose();
    }
}
