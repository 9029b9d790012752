using AuthzGraph.Graph.Index;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Retention;

/// <summary>
/// Moves the horizon as far as time, bytes of history and pins allow, waits until every reader that began before has left, and
/// sweeps behind it. The writer's sequencer calls it, between requests and while it is idle, for a slice at a time.
/// </summary>
/// <param name="told">The last instant that anybody was told, or that anything was written at.</param>
internal sealed class Reclaimer(GraphIndex index, History history, TimeProvider time, Func<Instant> told, Limits limits)
{
    // a pass looks at everything that has versions, so passes are this much of the retention apart, unless bytes press
    private const int PassesPerRetention = 64;

    private const long PressedMicroseconds = 1_000_000;

    private Instant _lastPass = Instant.Beginning;
    private bool _refusesInstants;
    private bool _waits;
    private ulong _moved;
    private Sweep? _sweep;

    /// <summary>Bytes kept only for the sake of older revisions.</summary>
    public long HistoryBytes => index.Memory.HistoryBytes;

    /// <summary>The newest revision that there may be something behind.</summary>
    public Revision Newest => history.Head.Revision;

    /// <summary>Works for about so long; true while there is more to do at once.</summary>
    public bool Run(TimeSpan atMost)
    {
        if (index.Horizon.IsRebuilding) return false;
        if (_sweep is null && !TryBegin()) return Rest();
        if (_waits && index.Memory.Epochs.Advance() <= _moved) return false;
        _waits = false;
        Sweep sweep = _sweep ?? throw new InvariantException("a pass has begun");
        sweep.Run(atMost);
        if (!sweep.IsDone) return true;
        _sweep = null;
        if (sweep.FindsMore && !_refusesInstants) Hurry();
        _refusesInstants = sweep.FindsMore;
        return Rest() || sweep.FindsMore && _lastPass == Instant.Beginning;
    }

    /// <summary>While a log is replayed and nobody reads: keeps history within its bytes.</summary>
    public void Trim()
    {
        if (HistoryBytes <= limits.HistoryBytes) return;
        index.Horizon.Advance(new Revision(Pressed()), Instant.Beginning, Instant.Never);
        Sweep.Everything(index);
        index.Memory.Limbo.Drain();
    }

    /// <summary>Lets the next call begin a pass, however short a time ago the last one was.</summary>
    public void Hurry() => _lastPass = Instant.Beginning;

    /// <summary>Whether a pass is under way.</summary>
    public bool IsSweeping => _sweep is not null;

    private bool TryBegin()
    {
        Instant now = Instant.From(time.GetUtcNow());
        bool presses = HistoryBytes > limits.HistoryBytes;
        Instant due = _lastPass.Plus(presses ? PressedMicroseconds : Microseconds(limits.Retention) / PassesPerRetention);
        if (now >= _lastPass && now < due) return false;       // a clock that was ahead may have been set back
        _lastPass = now;
        Revision target = history.NewestAt(now.Plus(-Microseconds(limits.Retention)));
        if (presses) target = new Revision(Math.Max(target.Value, Pressed()));
        // a clock that is ahead while nobody looks may cost history, and never a tuple: instants are forgotten by what was told
        Instant past = Instant.Min(now, told()).Plus(-Microseconds(limits.Retention));
        _waits = index.Horizon.Advance(target, _refusesInstants ? past : Instant.Beginning, now);
        _moved = index.Memory.Epochs.Now;
        _sweep = new Sweep(index, index.Horizon.Revision, Ended(index.Horizon.Instant), Ended(past));
        return true;
    }

    /// <summary>As far as it takes, if versions are spread evenly over revisions, and a little further.</summary>
    private ulong Pressed()
    {
        ulong oldest = index.Horizon.Revision.Value;
        ulong span = history.Head.Revision.Value - oldest;
        double excess = 1 - (double)limits.HistoryBytes / HistoryBytes;
        return oldest + Math.Min(span, (ulong)(span * (excess + 0.1)) + 1);
    }

    /// <summary>A tuple that ended by then explains nothing at an instant or later.</summary>
    private Instant Ended(Instant instant) => instant.Plus(-Microseconds(limits.Retention));

    private bool Rest()
    {
        index.Memory.Limbo.Drain();
        history.Trim();
        return false;
    }

    private static long Microseconds(TimeSpan span) => (long)span.TotalMicroseconds;
}
