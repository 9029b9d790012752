using System.Diagnostics.Metrics;
using AuthzGraph.Graph.Counting;

namespace AuthzGraph.Graph;

/// <summary>
/// The instruments of one graph, or of several that share it (<see cref="GraphOptions.Meter"/>): then each measurement carries the graph's name as
/// <c>store</c>. A meter of its own for every graph would not do, since exporters take meters of one name for one.
/// </summary>
public sealed class GraphMeter : IDisposable
{
    /// <summary>What exporters subscribe to.</summary>
    public const string Name = "AuthzGraph";

    /// <summary>The instrument that counts decisions.</summary>
    public const string Decided = "authzgraph.decisions";

    private const string Other = "other";

    private static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _gate = new();
    private readonly List<Instruments> _graphs = [];
    private readonly HashSet<(Instruments, DecisionKey)> _apart = [];
    private readonly int _mostGraphs;
    private readonly int _mostSeries;

    /// <param name="mostGraphs">How many graphs it tells of: those that were opened first.</param>
    /// <param name="mostSeries">How many combinations by which decisions are counted it tells apart; what comes later counts as "other".</param>
    public GraphMeter(int mostGraphs = int.MaxValue, int mostSeries = 5_000)
    {
        (_mostGraphs, _mostSeries) = (mostGraphs, mostSeries);
        Latency = Meter.CreateHistogram("authzgraph.durable.latency", "s", "From when a transaction was taken up until it was on stable storage.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
        Meter.CreateObservableCounter(Decided, Decisions, description: "Checks that were decided, by permission, how they were asked, and outcome or code.");
        Meter.CreateObservableGauge("authzgraph.stores", () => _graphs.Count, description: "Stores that are open.");
        Count("authzgraph.commits", "Groups of transactions that were made durable together.", graph => graph.Commits);
        Count("authzgraph.transactions", "Transactions that were committed.", graph => graph.Transactions);
        Count("authzgraph.checkpoint.failures", "Checkpoints that could not be taken.", graph => graph.CheckpointFailures);
        Gauge("authzgraph.checkpoint.revision", "", "The revision of the newest checkpoint.", graph => graph.CheckpointRevision);
        Gauge("authzgraph.checkpoint.age", "s", "How long ago the newest checkpoint was taken; 0 where there is none.", graph => graph.CheckpointAge);
        Gauge("authzgraph.log.size", "By", "The log on disk, from where it begins.", graph => graph.LogBytes);
        Gauge("authzgraph.revision", "", "The newest revision.", graph => graph.HeadRevision);
        Gauge("authzgraph.horizon.revision", "", "The oldest revision that can be read.", graph => graph.HorizonRevision);
        Gauge("authzgraph.store.healthy", "", "1 while the store takes writes; 0 once it failed.", graph => graph.IsHealthy);
        Gauge("authzgraph.watchers", "", "Watches that are under way.", graph => graph.Watchers);
        Gauge("authzgraph.tuples", "", "Relationships in the index, those that are kept for history among them.", graph => graph.Tuples);
        Gauge("authzgraph.index.size", "By", "Memory that the index reserved.", graph => graph.IndexBytes);
    }

    public Meter Meter { get; } = new(Name);

    internal Histogram<double> Latency { get; }

    internal void Add(Instruments graph)
    {
        lock (_gate)
        {
            _graphs.Add(graph);
            graph.IsTold = _graphs.Count <= _mostGraphs;
        }
    }

    /// <summary>Nobody reads the graph any more once this returns.</summary>
    internal void Remove(Instruments graph)
    {
        lock (_gate)
        {
            _graphs.Remove(graph);
            _apart.RemoveWhere(one => one.Item1 == graph);
            foreach (Instruments told in Told) told.IsTold = true;
        }
    }

    public void Dispose() => Meter.Dispose();

    private IEnumerable<Instruments> Told => _graphs.Take(_mostGraphs);

    private void Count(string name, string what, Func<Instruments, long> read) => Meter.CreateObservableCounter(name, () => Each(read), description: what);

    private void Gauge(string name, string unit, string what, Func<Instruments, long> read) => Meter.CreateObservableGauge(name, () => Each(read), unit, what);

    private List<Measurement<long>> Each(Func<Instruments, long> read)
    {
        lock (_gate) return [.. Told.Select(graph => new Measurement<long>(read(graph), graph.Tags))];
    }

    private List<Measurement<long>> Decisions()
    {
        lock (_gate)
        {
            List<Measurement<long>> told = [];
            long others = 0;
            foreach (Instruments graph in Told)
                foreach ((DecisionKey key, long count) in graph.Decisions.Totals())
                    if (IsApart(graph, key)) told.Add(new Measurement<long>(count, key.Tags(graph.Tags)));
                    else others += count;
            if (others > 0) told.Add(new Measurement<long>(others, [.. OfOthers]));
            return told;
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> OfOthers => ((string[])["store", "domain", "type", "permission", "mode", "code"]).Select(name => new KeyValuePair<string, object?>(name, Other));

    // a series that is told once is told for good, so that no count goes down
    private bool IsApart(Instruments graph, DecisionKey key) => _apart.Contains((graph, key)) || _apart.Count < _mostSeries && _apart.Add((graph, key));
}
