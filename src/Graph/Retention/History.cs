using AuthzGraph.Model;

namespace AuthzGraph.Graph.Retention;

/// <summary>Every revision that can be read, oldest first. Written by the one who publishes, read by anyone.</summary>
internal sealed class History(Horizon horizon)
{
    private const int TrimAt = 4096;

    private readonly Lock _gate = new();
    private readonly List<Published> _schemas = [];     // each the first revision of its schema
    private readonly List<Instant> _instants = [];      // of revision _first + i
    private ulong _first = 1;
    private volatile Published _head = new(new Revision(0), Instant.Beginning, null);

    public Published Head => _head;

    public Revision Oldest => horizon.Revision;

    /// <summary>Starts from a checkpoint: nothing before it can be read. Called once, before the first is published.</summary>
    public void Restart(Published first)
    {
        Invariant.That(_head.Revision.Value == 0);
        lock (_gate)
        {
            _schemas.Add(first);
            _instants.Add(first.CommittedAt);
            _first = first.Revision.Value;
            _head = first;
        }
    }

    public void Publish(Published next)
    {
        Invariant.That(next.Revision == _head.Revision.Next && next.CommittedAt > _head.CommittedAt);
        lock (_gate)
        {
            if (next.Bound != _head.Bound) _schemas.Add(next);
            _instants.Add(next.CommittedAt);
            _head = next;
        }
    }

    /// <summary>A revision from the past.</summary>
    public Published At(Revision revision)
    {
        Published head = _head;
        if (revision == head.Revision) return head;
        if (revision > head.Revision) throw Rejections.RevisionAhead(revision, head.Revision);
        lock (_gate)
        {
            if (revision < horizon.Revision) throw Rejections.RevisionTooOld(revision, horizon.Revision);
            int schema = _schemas.FindLastIndex(s => s.Revision <= revision);
            Instant committedAt = revision.Value == 0 ? Instant.Beginning : _instants[(int)(revision.Value - _first)];
            return new Published(revision, committedAt, schema < 0 ? null : _schemas[schema].Bound);
        }
    }

    /// <summary>The revision that was the newest at an instant, or the oldest that is kept.</summary>
    public Revision NewestAt(Instant instant)
    {
        lock (_gate)
        {
            int index = _instants.BinarySearch(instant);
            int after = index >= 0 ? index + 1 : ~index;
            return new Revision(_first + (ulong)after - 1);
        }
    }

    /// <summary>Forgets what is behind the horizon.</summary>
    public void Trim()
    {
        lock (_gate)
        {
            ulong oldest = Math.Max(horizon.Revision.Value, 1);
            if (oldest - _first < TrimAt && oldest - _first < (ulong)_instants.Count / 2) return;
            _instants.RemoveRange(0, (int)(oldest - _first));
            _first = oldest;
            int current = _schemas.FindLastIndex(s => s.Revision.Value <= oldest);
            if (current > 0) _schemas.RemoveRange(0, current);
        }
    }
}
