using AuthzGraph.Rpc;

namespace AuthzGraph.Client;

/// <summary>Says whether and when a call is made again. One for all calls of a client, so that a server that is down is not asked more the more callers there are.</summary>
internal sealed class Retries(RetryPolicy policy, TimeSpan? deadline, TimeProvider time)
{
    private const double EarnedBySuccess = 0.1;

    private readonly Lock _gate = new();
    private readonly Random _random = new();
    private double _left = policy.Budget;

    /// <summary>The beginning of a call, for <see cref="TryPlan"/>.</summary>
    public long Begin() => time.GetTimestamp();

    /// <summary>How much of the deadline is left; null: there is none.</summary>
    public TimeSpan? Left(long begun) => deadline - time.GetElapsedTime(begun);

    public void Succeeded()
    {
        lock (_gate) _left = Math.Min(policy.Budget, _left + EarnedBySuccess);
    }

    /// <summary>Whether a call is made once more, and after what pause.</summary>
    public bool TryPlan(AuthzGraphException refused, int attempt, long begun, out TimeSpan pause)
    {
        pause = default;
        if (refused.Code != RpcCode.Unavailable || attempt >= policy.Attempts) return false;
        lock (_gate)
        {
            if (_left < 1) return false;
            pause = Pause(attempt);
            if (Left(begun) <= pause) return false;
            _left--;
        }
        return true;
    }

    public Task WaitAsync(TimeSpan pause, CancellationToken cancellation) => Task.Delay(pause, time, cancellation);

    private TimeSpan Pause(int attempt)
    {
        double most = Math.Min(policy.LongestPause.TotalMilliseconds, policy.FirstPause.TotalMilliseconds * Math.Pow(2, attempt - 1));
        return TimeSpan.FromMilliseconds(_random.NextDouble() * most);
    }
}
