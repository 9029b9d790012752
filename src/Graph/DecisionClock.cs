using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>
/// Gives out the instants of decisions, which never run backwards, not even over a restart: before an instant is given out, the
/// log has made durable that instants up to a little later may have been, and a store starts no earlier than that. So just after a start it is
/// up to a second ahead of the clock, and stands there until the clock has come up; however often it is started.
/// </summary>
internal sealed class DecisionClock(TimeProvider time, ITransactionLog log)
{
    private const long ReserveMicroseconds = 1_000_000;
    private const long ReserveAheadMicroseconds = 1_000;        // what is written while the clock is behind advances it by microseconds

    private readonly Lock _gate = new();
    private long _last = log.ReservedInstant.Microseconds;
    private long _reserved = log.ReservedInstant.Microseconds;

    /// <summary>The greatest of the clock and the last instant given out: nothing is written at an instant that somebody was told had passed.</summary>
    public Instant Next => Instant.Max(Instant.From(time.GetUtcNow()), Told);

    /// <summary>The last instant given out; after a start, the last that may have been.</summary>
    public Instant Told => new(Volatile.Read(ref _last));

    /// <summary>The greatest of the clock, the floor and the last instant given out.</summary>
    public Instant Now(Instant floor)
    {
        long now = Math.Max(Instant.From(time.GetUtcNow()).Microseconds, floor.Microseconds);
        if (now > Volatile.Read(ref _reserved)) Reserve(now);
        long last = Volatile.Read(ref _last);
        while (now > last)
        {
            long seen = Interlocked.CompareExchange(ref _last, now, last);
            if (seen == last) return new Instant(now);
            last = seen;
        }
        return new Instant(last);
    }

    // a store that can no longer write still answers: then instants are kept in order in memory alone
    private void Reserve(long now)
    {
        lock (_gate)
        {
            if (now <= _reserved) return;
            Instant until = Instant.Max(Instant.From(time.GetUtcNow()).Plus(ReserveMicroseconds), new Instant(now).Plus(ReserveAheadMicroseconds));
            if (log.Failure is null) TryReserve(until);
            Volatile.Write(ref _reserved, until.Microseconds);
        }
    }

    private void TryReserve(Instant until)
    {
        try { log.ReserveInstant(until); }
        catch (StoreFailedException)
        {
            // the log is stopped from here on, and tells writers so
        }
    }
}
