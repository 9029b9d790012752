using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>How much of a backup is restored.</summary>
public abstract record RestorePoint
{
    private RestorePoint() { }

    /// <summary>All up to a revision, which must be there.</summary>
    public sealed record AtRevision(Revision Revision) : RestorePoint
    {
        internal override bool TakesIn(Revision revision, Instant committedAt) => revision <= Revision;
    }

    /// <summary>All that was committed by an instant.</summary>
    public sealed record AtTime(Instant Instant) : RestorePoint
    {
        internal override bool TakesIn(Revision revision, Instant committedAt) => committedAt <= Instant;
    }

    internal abstract bool TakesIn(Revision revision, Instant committedAt);
}

/// <summary>What a copy holds, once it was verified.</summary>
/// <param name="Revision">The newest.</param>
/// <param name="CommittedAt">When that was committed; null where nothing was.</param>
public sealed record CopyReceipt(Revision Revision, Instant? CommittedAt, uint Timeline, long Bytes);
