using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>What one revision looks like from outside: swapped whole, so that a reader sees one consistent world.</summary>
/// <param name="Bound">Null while no schema was written.</param>
internal sealed record Published(Revision Revision, Instant CommittedAt, BoundSchema? Bound)
{
    private string? _token;

    /// <summary>The revision's consistency token, sealed when first asked for: every answer carries it.</summary>
    public string Token(StoreIdentity identity) => _token ??= ConsistencyToken.Of(identity, Revision);
}

/// <summary>Every revision that can be read, oldest first. Written by the one who publishes, read by anyone.</summary>
internal sealed class History
{
    private readonly Lock _gate = new();
    private readonly List<Published> _schemas = [];     // each the first revision of its schema
    private readonly List<Instant> _instants = [];      // of revision i + 1
    private volatile Published _head = new(new Revision(0), Instant.Beginning, null);

    public Published Head => _head;

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

    /// <summary>The newest revision that was committed at or before an instant; 0 when none was.</summary>
    public Revision LastAt(Instant instant)
    {
        lock (_gate)
        {
            int found = _instants.BinarySearch(instant);
            return new Revision((ulong)(found < 0 ? ~found : found + 1));
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
            int schema = _schemas.FindLastIndex(s => s.Revision <= revision);
            Instant committedAt = revision.Value == 0 ? Instant.Beginning : _instants[(int)revision.Value - 1];
            return new Published(revision, committedAt, schema < 0 ? null : _schemas[schema].Bound);
        }
    }
}
