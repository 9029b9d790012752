using AuthzGraph.Server.Security;

namespace AuthzGraph.Server.Rpc;

/// <summary>One call in progress, as its handler sees it: who makes it, and when it has to end. Whether it came as gRPC or as JSON does not matter.</summary>
internal sealed class RpcCall : IDisposable
{
    private const long NoDeadline = long.MaxValue;

    private readonly RpcOptions _options;
    private readonly long _deadline;    // a timestamp of _options.Time
    private CancellationTokenSource? _expiry;
    private Access? _access;

    public RpcCall(HttpContext http, RpcOptions options, TimeSpan? timeout)
    {
        Http = http;
        _options = options;
        _deadline = timeout is { } span ? DeadlineAfter(span) : NoDeadline;
    }

    public HttpContext Http { get; }

    /// <summary>What the caller may do, and where. Methods that are open to everybody have none.</summary>
    public Access Access => _access ?? throw new InvalidOperationException("A method that asks for no right has no caller.");

    /// <summary>The store the call is about, for records; empty: none.</summary>
    public string StoreName => _access?.Store.Name ?? "";

    /// <summary>Fires when the server starts to shut down.</summary>
    public CancellationToken Draining => _options.Draining;

    // CancelAfter counts in milliseconds and may fire a little before the clock gets there, so either says so.
    public bool DeadlineExceeded =>
        _deadline != NoDeadline && (_options.Time.GetTimestamp() >= _deadline || ExpiredByTimer);

    public bool ClientWentAway => Http.RequestAborted.IsCancellationRequested;

    /// <summary>
    /// Fires at the deadline, when the client cancels and when the connection is lost. Its timer is built only when
    /// somebody asks, since most calls are over before they have to wait for anything.
    /// </summary>
    public CancellationToken Cancellation
    {
        get
        {
            if (_deadline == NoDeadline) return Http.RequestAborted;
            _expiry ??= StartTimer();
            return _expiry.Token;
        }
    }

    public void Admit(Access access) => _access = access;

    /// <summary>Ends a stream whose caller is no longer let in: it neither hears nor says anything more.</summary>
    public void RequireStanding() => _access?.RequireStanding(_options.Clock);

    public void Dispose() => _expiry?.Dispose();

    private bool ExpiredByTimer => _expiry is { IsCancellationRequested: true } && !ClientWentAway;

    private long DeadlineAfter(TimeSpan timeout)
    {
        double ticks = timeout.TotalSeconds * _options.Time.TimestampFrequency;
        long now = _options.Time.GetTimestamp();
        return ticks >= NoDeadline - now ? NoDeadline : now + (long)ticks;
    }

    private CancellationTokenSource StartTimer()
    {
        var expiry = CancellationTokenSource.CreateLinkedTokenSource(Http.RequestAborted);
        TimeSpan left = _options.Time.GetElapsedTime(_options.Time.GetTimestamp(), _deadline);
        if (left <= TimeSpan.Zero) expiry.Cancel();
        else if (left < LongestTimer) expiry.CancelAfter(left);
        return expiry;
    }

    // what CancelAfter takes; a call with a later deadline has none that matters
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);
}
