using System.Diagnostics.Metrics;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph;

/// <summary>What a graph can be watched by. All but the latency is read when somebody looks, so it costs nothing otherwise.</summary>
internal sealed class Instruments : IDisposable
{
    public const string MeterName = "AuthzGraph";

    private static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ITransactionLog _log;
    private readonly History _history;
    private readonly GraphIndex _index;
    private readonly TimeProvider _time;
    private readonly Revision _opened;

    public Instruments(ITransactionLog log, History history, GraphIndex index, TimeProvider time, Func<bool> isWriting, Func<int> watchers)
    {
        (_log, _history, _index, _time, _opened) = (log, history, index, time, history.Head.Revision);
        Latency = Meter.CreateHistogram("authzgraph.durable.latency", "s", "From when a transaction was taken up until it was on stable storage.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
        Count("authzgraph.commits", "Groups of transactions that were made durable together.", () => _log.Figures.Commits);
        Count("authzgraph.transactions", "Transactions that were committed.", () => (long)(_history.Head.Revision.Value - _opened.Value));
        Count("authzgraph.checkpoint.failures", "Checkpoints that could not be taken.", () => _log.Checkpoint.State.Failures);
        Gauge("authzgraph.checkpoint.revision", "", "The revision of the newest checkpoint.", () => (long)_log.Checkpoint.State.Revision.Value);
        Gauge("authzgraph.checkpoint.age", "s", "How long ago the newest checkpoint was taken; 0 where there is none.", () => CheckpointAge());
        Gauge("authzgraph.log.size", "By", "The log on disk, from where it begins.", () => _log.Figures.Bytes);
        Gauge("authzgraph.revision", "", "The newest revision.", () => (long)_history.Head.Revision.Value);
        Gauge("authzgraph.horizon.revision", "", "The oldest revision that can be read.", () => (long)_index.Horizon.Revision.Value);
        Gauge("authzgraph.store.healthy", "", "1 while the store takes writes; 0 once it failed.", () => isWriting() ? 1 : 0);
        Gauge("authzgraph.watchers", "", "Watches that are under way.", () => watchers());
        Gauge("authzgraph.tuples", "", "Relationships in the index, those that are kept for history among them.", () => Tuples());
        Gauge("authzgraph.index.size", "By", "Memory that the index reserved.", () => MemoryUse.Of(_index).Reserved);
    }

    public Meter Meter { get; } = new(MeterName);

    public Histogram<double> Latency { get; }

    public void Dispose() => Meter.Dispose();

    private void Count(string name, string what, Func<long> read) => Meter.CreateObservableCounter(name, read, description: what);

    private void Gauge(string name, string unit, string what, Func<long> read) => Meter.CreateObservableGauge(name, read, unit, what);

    private long CheckpointAge() => _log.Checkpoint.State.TakenAt is { } taken
        ? Math.Max(0, (Instant.From(_time.GetUtcNow()).Microseconds - taken.Microseconds) / 1_000_000)
        : 0;

    private long Tuples()
    {
        if (_history.Head.Bound is not { } bound) return 0;
        long count = 0;
        foreach (EdgeType type in bound.Schema.EdgeTypes) count += bound[type.Id].Count;
        return count;
    }
}
