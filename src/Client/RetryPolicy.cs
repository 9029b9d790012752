namespace AuthzGraph.Client;

/// <summary>
/// When a call that ended with UNAVAILABLE is made again: only what is safe to repeat, which is every read, every write with an idempotency key, and
/// what stays as it is when it was done (Approve, Revoke, CloseTask, Suspend); a stream until its first message came. Never past the deadline.
/// </summary>
public sealed record RetryPolicy
{
    public static readonly RetryPolicy Default = new();

    /// <summary>Every call is made once.</summary>
    public static readonly RetryPolicy Never = new() { Attempts = 1 };

    /// <summary>How often a call is made at most, the first time included.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>The pause before the second attempt is up to this, at random; it doubles with each attempt.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many attempts may be repeated in a row, over all calls; it fills up again by a tenth with each call that succeeds.</summary>
    public int Budget { get; init; } = 20;
}
