using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using AuthzGraph.Rpc;

namespace AuthzGraph.Server.Telemetry;

/// <summary>
/// What is told of each call: a span, a count with how long it took, and a line in the log when that was long. Nothing of what was
/// asked or answered, whom it was about or who asked is in any of them.
/// </summary>
internal sealed class CallRecords : IDisposable
{
    public const string Name = "AuthzGraph.Server";

    public const string Duration = "authzgraph.call.duration";

    private const string Other = "other";
    private const string PrometheusName = "authzgraph_call_duration_seconds";
    private const string Description = "Calls by method, code and store, and how long they took.";

    private readonly ConcurrentDictionary<(string Method, RpcCode Code, string Store), CallSeries> _series = [];
    private readonly CallSeries _others = new(Other, Other, Other);
    private readonly ActivitySource _spans = new(Name);
    private readonly Histogram<double> _duration;
    private readonly int _most;

    /// <param name="most">How many combinations of method, code and store are told apart; what comes later counts as "other".</param>
    public CallRecords(int most)
    {
        _most = most;
        _duration = Meter.CreateHistogram(Duration, "s", Description,
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = CallSeries.Bounds });
    }

    public Meter Meter { get; } = new(Name);

    /// <summary>The span of a call, below the one that its caller names in <c>traceparent</c>; null when nobody listens.</summary>
    public Activity? Begin(HttpContext http, string method)
    {
        if (!_spans.HasListeners()) return null;
        _ = ActivityContext.TryParse(http.Request.Headers.TraceParent, http.Request.Headers.TraceState, isRemote: true, out ActivityContext parent);
        Activity.Current = null;    // what hosting keeps for its log lines is sent to nobody, so it is no parent
        return _spans.StartActivity(method, ActivityKind.Server, parent);
    }

    /// <param name="method">One of those there are, so that callers can't invent series.</param>
    public void Count(string method, RpcCode code, string store, TimeSpan took)
    {
        CallSeries series = SeriesOf(method, code, store);
        series.Take(took.TotalSeconds);
        _duration.Record(took.TotalSeconds, series.Tags);
    }

    public void AppendTo(StringBuilder text)
    {
        if (_series.IsEmpty) return;
        text.Append($"# HELP {PrometheusName} {Description}\n# TYPE {PrometheusName} histogram\n");
        foreach (CallSeries series in _series.OrderBy(s => s.Key).Select(s => s.Value)) series.AppendTo(text, PrometheusName);
        if (_series.Count >= _most) _others.AppendTo(text, PrometheusName);
    }

    public void Dispose()
    {
        _spans.Dispose();
        Meter.Dispose();
    }

    private CallSeries SeriesOf(string method, RpcCode code, string store)
    {
        if (_series.TryGetValue((method, code, store), out CallSeries? series)) return series;
        if (_series.Count >= _most) return _others;
        return _series.GetOrAdd((method, code, store), key => new CallSeries(key.Method, key.Code.ToString(), key.Store));
    }
}
