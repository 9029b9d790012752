using AuthzGraph.Model;

namespace AuthzGraph.Graph.Retention;

/// <summary>
/// How far back reads may go: the oldest revision, and the oldest instant to ask about. Safe for any number of threads.
///
/// <code>
///   gone for good        being put back        readable
///   ─────────────── lowest ─────────── revision ──────── head
/// </code>
///
/// INVARIANT: everything that a revision from <see cref="Revision"/> on sees is in the index. Retention moves both marks up, never past a
/// pin, before anything behind them is reclaimed. A store opened from a checkpoint starts at the checkpoint's revision, and from there
/// history is put back, newest first, until both marks meet: meanwhile nothing is reclaimed. After that they move together.
/// </summary>
internal sealed class Horizon
{
    private readonly Lock _gate = new();
    private readonly List<RevisionPin> _pins = [];
    private ulong _revision;
    private ulong _lowest;
    private long _instant = Instant.Beginning.Microseconds;

    /// <summary>The oldest revision that can be read.</summary>
    public Revision Revision => new(Volatile.Read(ref _revision));

    /// <summary>No revision before this one can be read, or ever will be.</summary>
    public Revision Lowest => new(Volatile.Read(ref _lowest));

    /// <summary>Whether history below <see cref="Revision"/> is still being put back.</summary>
    public bool IsRebuilding => Lowest < Revision;

    /// <summary>The oldest instant that can be asked about: tuples that had ended for longer than the retention by then are gone.</summary>
    public Instant Instant => new(Volatile.Read(ref _instant));

    /// <summary>Rejects what lies behind. A reader asks once it is in its epoch: what it may read then stays until it leaves.</summary>
    public void Expect(Revision revision, Instant instant)
    {
        if (revision < Revision) throw Refusal(revision);
        if (instant < Instant) throw Rejections.InstantTooOld(instant, Instant);
    }

    /// <summary>Why a revision behind can't be read: not any more, or not yet.</summary>
    public RejectionException Refusal(Revision revision)
    {
        Revision oldest = Revision;
        return revision >= Lowest ? Rejections.HistoryRebuilding(revision, oldest) : Rejections.RevisionTooOld(revision, oldest);
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
            Volatile.Write(ref _lowest, Math.Max(_lowest, revision.Value));
            Volatile.Write(ref _revision, Math.Max(_revision, revision.Value));
            Volatile.Write(ref _instant, Math.Max(_instant, instant.Microseconds));
            return moves;
        }
    }

    /// <summary>The index holds what a checkpoint does: older revisions, but not older instants, may be put back.</summary>
    public void StartAt(Revision checkpoint, Instant instant)
    {
        lock (_gate)
        {
            Invariant.That(_revision == 0);
            Volatile.Write(ref _revision, checkpoint.Value);
            Volatile.Write(ref _instant, instant.Microseconds);
        }
    }

    /// <summary>What an older revision sees is in the index now.</summary>
    public void Lower(Revision revision)
    {
        lock (_gate)
        {
            Invariant.That(revision >= Lowest && revision <= Revision);
            Volatile.Write(ref _revision, revision.Value);
        }
    }

    /// <summary>Nothing before a revision will be put back: at most, nothing more at all.</summary>
    public void RaiseLowest(Revision revision)
    {
        lock (_gate) Volatile.Write(ref _lowest, Math.Max(_lowest, Math.Min(revision.Value, _revision)));
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
