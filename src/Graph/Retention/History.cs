using AuthzGraph.Graph.Collections;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Retention;

/// <summary>Every revision that can be read, oldest first. Written by the one who publishes, read by anyone.</summary>
internal sealed class History(Horizon horizon)
{
    private readonly Lock _gate = new();
    private readonly List<Published> _schemas = [];             // each the first revision of its schema
    private readonly PieceQueue<Instant> _instants = new();     // of revision _first + i
    private ulong _first = 1;
    private volatile Published _head = new(new Revision(0), Instant.Beginning, null);

    public Published Head => _head;

    public Revision Oldest => horizon.Revision;

    /// <summary>Whether a revision can't be read yet, but perhaps later.</summary>
    public bool IsRebuilding(Revision revision) => revision >= horizon.Lowest && revision < horizon.Revision;

    /// <summary>Starts from a checkpoint; what was before may be put back. Called once, before the first is published.</summary>
    /// <param name="schema">The revision that wrote the schema in force.</param>
    public void Restart(Published first, Revision schema)
    {
        Invariant.That(_head.Revision.Value == 0);
        lock (_gate)
        {
            if (first.Bound is not null) _schemas.Add(first with { Revision = schema });
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

    /// <summary>Puts back when the revision before the oldest known one was committed.</summary>
    public void PutBack(Revision revision, Instant committedAt)
    {
        lock (_gate)
        {
            Invariant.That(revision.Value == _first - 1);
            _instants.AddOldest(committedAt);
            _first--;
        }
    }

    /// <summary>Puts back the schema before the oldest known one.</summary>
    public void PutBackSchema(Published first)
    {
        lock (_gate)
        {
            Invariant.That(_schemas.Count > 0 && first.Revision < _schemas[0].Revision);
            _schemas.Insert(0, first);
        }
    }

    /// <summary>The newest revision, which must not be older than one.</summary>
    public Published AtLeast(Revision revision)
    {
        Published head = Head;
        return revision <= head.Revision ? head : throw Rejections.RevisionAhead(revision, head.Revision);
    }

    /// <summary>A revision from the past.</summary>
    public Published At(Revision revision)
    {
        Published head = _head;
        if (revision == head.Revision) return head;
        if (revision > head.Revision) throw Rejections.RevisionAhead(revision, head.Revision);
        lock (_gate)
        {
            if (revision < horizon.Revision) throw horizon.Refusal(revision);
            int schema = _schemas.FindLastIndex(s => s.Revision <= revision);
            return new Published(revision, CommittedAt(revision.Value), schema < 0 ? null : _schemas[schema].Bound);
        }
    }

    /// <summary>The revision that was the newest at an instant, or the oldest that is kept.</summary>
    public Revision NewestAt(Instant instant)
    {
        lock (_gate)
        {
            (int low, int high) = (0, _instants.Count);
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (_instants[middle] <= instant) low = middle + 1;
                else high = middle;
            }
            return new Revision(_first + (ulong)low - 1);
        }
    }

    /// <summary>Forgets what is behind the horizon.</summary>
    public void Trim()
    {
        lock (_gate)
        {
            ulong oldest = Math.Max(horizon.Revision.Value, 1);
            if (oldest <= _first) return;
            _instants.Drop((int)(oldest - _first));
            _first = oldest;
            int current = _schemas.FindLastIndex(s => s.Revision.Value <= oldest);
            if (current > 0) _schemas.RemoveRange(0, current);
        }
    }

    private Instant CommittedAt(ulong revision) => revision == 0 ? Instant.Beginning : _instants[(int)(revision - _first)];
}
