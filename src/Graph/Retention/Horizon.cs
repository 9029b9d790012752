using AuthzGraph.Model;

namespace AuthzGraph.Graph.Retention;

/// <summary>
/// How far back reads may go: the oldest revision, and the oldest instant to ask about. It only moves forward, never past a pin, and
/// is published before anything behind it is reclaimed. Safe for any number of threads.
/// </summary>
internal sealed class Horizon
{
    private readonly Lock _gate = new();
    private readonly List<RevisionPin> _pins = [];
    private ulong _revision;
    private long _instant = Instant.Beginning.Microseconds;

    /// <summary>The oldest revision that can be read.</summary>
    public Revision Revision => new(Volatile.Read(ref _revision));

    /// <summary>The oldest instant that can be asked about: tuples that had ended for longer than the retention by then are gone.</summary>
    public Instant Instant => new(Volatile.Read(ref _instant));

    /// <summary>Rejects what lies behind. A reader asks once it is in its epoch: what it may read then stays until it leaves.</summary>
    public void Expect(Revision revision, Instant instant)
    {
        if (revision < Revision) throw Rejections.RevisionTooOld(revision, Revision);
        if (instant < Instant) throw Rejections.InstantTooOld(instant, Instant);
    }

    /// <summary>Keeps a revision and an instant readable until the pin is disposed of, or, at the latest, until its deadline.</summary>
    /// <exception cref="RejectionException">They lie behind the horizon already.</exception>
    public RevisionPin Pin(Revision revision, Instant instant, Instant deadline)
    {
        var pin = new RevisionPin(this, revision, instant, deadline);
        lock (_gate)
        {
            Expect(revision, instant);
            _pins.Add(pin);
        }
        return pin;
    }

    /// <summary>Moves towards a revision and an instant, as far as pins allow; says whether anything moved.</summary>
    public bool Advance(Revision revision, Instant instant, Instant now)
    {
        lock (_gate)
        {
            _pins.RemoveAll(pin => pin.Deadline <= now);
            foreach (RevisionPin pin in _pins)
            {
                if (pin.Revision < revision) revision = pin.Revision;
                instant = Instant.Min(instant, pin.Instant);
            }
            bool moves = revision > Revision || instant > Instant;
            Volatile.Write(ref _revision, Math.Max(_revision, revision.Value));
            Volatile.Write(ref _instant, Math.Max(_instant, instant.Microseconds));
            return moves;
        }
    }

    internal void Remove(RevisionPin pin)
    {
        lock (_gate) _pins.Remove(pin);
    }
}

/// <summary>Holds the horizon where it is, for a stream that takes longer than one answer.</summary>
internal sealed class RevisionPin(Horizon horizon, Revision revision, Instant instant, Instant deadline) : IDisposable
{
    public Revision Revision => revision;
    public Instant Instant => instant;
    public Instant Deadline => deadline;

    public void Dispose() => horizon.Remove(this);
}
