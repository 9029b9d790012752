using System.Threading.RateLimiting;

namespace AuthzGraph.Server.Security.Credentials;

/// <summary>Holds callers to their limits, each by its name. The framework's limiters do it; those of callers that are idle go by themselves.</summary>
internal sealed class Throttle : IDisposable
{
    private const int PeriodsPerSecond = 10;

    private readonly PartitionedRateLimiter<string> _limiter;

    private Throttle(CallLimits limits)
    {
        Limits = limits;
        PartitionedRateLimiter<string>[] parts = [.. Parts(limits)];
        _limiter = parts.Length == 1 ? parts[0] : PartitionedRateLimiter.CreateChained(parts);
    }

    public CallLimits Limits { get; }

    /// <summary>Null when there is nothing to hold anybody to.</summary>
    public static Throttle? Of(CallLimits limits) => limits.IsNone ? null : new Throttle(limits);

    /// <summary>The call's place, to be disposed of when it ends; not acquired when there is none.</summary>
    public RateLimitLease Enter(string name) => _limiter.AttemptAcquire(name);

    public void Dispose() => _limiter.Dispose();

    private static IEnumerable<PartitionedRateLimiter<string>> Parts(CallLimits limits)
    {
        // the factories are made once, so that a call that fits within its limits costs no memory
        if (limits.ConcurrentCalls is { } concurrent)
        {
            Func<string, RateLimiter> make = _ => new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = concurrent, QueueLimit = 0 });
            yield return PartitionedRateLimiter.Create<string, string>(name => RateLimitPartition.Get(name, make), StringComparer.Ordinal);
        }
        if (limits.CallsPerSecond is { } rate)
        {
            Func<string, RateLimiter> make = _ => new TokenBucketRateLimiter(Bucket(rate));
            yield return PartitionedRateLimiter.Create<string, string>(name => RateLimitPartition.Get(name, make), StringComparer.Ordinal);
        }
    }

    private static TokenBucketRateLimiterOptions Bucket(int rate) => rate % PeriodsPerSecond == 0
        ? Bucket(rate, rate / PeriodsPerSecond, TimeSpan.FromSeconds(1.0 / PeriodsPerSecond))
        : Bucket(rate, rate, TimeSpan.FromSeconds(1));

    private static TokenBucketRateLimiterOptions Bucket(int most, int perPeriod, TimeSpan period) =>
        new() { TokenLimit = most, TokensPerPeriod = perPeriod, ReplenishmentPeriod = period, QueueLimit = 0, AutoReplenishment = false };
}
