using System.Collections.Immutable;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>
/// The first waist of storage: every transaction, in order, durable before anyone is told. One caller appends and one
/// waits; nothing above it knows what a file is.
/// </summary>
internal interface ITransactionLog : IAsyncDisposable
{
    StoreIdentity Identity { get; }

    /// <summary>Why the log stopped taking transactions, or null. It never recovers by itself: reopen it.</summary>
    Exception? Failure { get; }

    /// <summary>No instant before this one may be given out: what <see cref="ReserveInstant"/> last made durable.</summary>
    Instant ReservedInstant { get; }

    /// <summary>What spares the replay from starting at the beginning.</summary>
    ICheckpoint Checkpoint { get; }

    /// <summary>
    /// Hands every closed transaction behind the <see cref="Checkpoint"/> to <paramref name="apply"/> in order. Called once, before
    /// the first append.
    /// </summary>
    void Replay(Action<LogTransaction> apply);

    /// <summary>The oldest transaction that is still kept; one more than the newest when none is.</summary>
    Revision Oldest { get; }

    /// <summary>
    /// The durable transactions from <paramref name="first"/> on, in order, as many as there are when it is called; from
    /// <see cref="Oldest"/> when that is later. Any number of callers at a time, beside appends; only after the replay.
    /// </summary>
    /// <exception cref="StoreFailedException">What is to be read is damaged.</exception>
    IEnumerable<LogTransaction> ReadFrom(Revision first);

    /// <summary>
    /// The transactions that the <see cref="Checkpoint"/> adds up, newest first, as far back as the log is kept; last, unless that is its very
    /// beginning, the one before, of which only revision and instant are known. Once at a time, after the replay; appends go on beside it,
    /// and the log is not truncated meanwhile.
    /// </summary>
    /// <exception cref="StoreFailedException">The log is damaged there.</exception>
    IEnumerable<LogTransaction> ReadBack(CancellationToken cancellation);

    /// <summary>
    /// Enqueues a transaction, waiting while the queue is full, and returns the position to wait for.
    /// One caller at a time. Its revision must be the last one's successor.
    /// </summary>
    ValueTask<long> AppendAsync(LogTransaction transaction, CancellationToken cancellation);

    /// <summary>Completes once everything up to <paramref name="position"/> is on stable storage; throws <see cref="StoreFailedException"/> if it may not be.</summary>
    ValueTask WaitDurableAsync(long position);

    /// <summary>A copy of all that is durable now, to be read beside everything else.</summary>
    /// <exception cref="RejectionException">The log is in no directory.</exception>
    ValueTask<StoreBackup> BackupAsync(CancellationToken cancellation);

    /// <summary>Makes durable, before it returns, that instants up to <paramref name="until"/> may have been given out.</summary>
    void ReserveInstant(Instant until);
}

/// <summary>Who a store is. Tokens of another store are refused; a restore from backup starts a new timeline.</summary>
/// <param name="Store">Random, made with the store.</param>
/// <param name="TokenKey">32 random bytes that seal consistency tokens.</param>
internal sealed record StoreIdentity(Guid Store, uint Timeline, byte[] TokenKey)
{
    /// <summary>The timelines that this one goes back to, oldest first: each up to a revision.</summary>
    public ImmutableArray<TimelineFork> Ancestors { get; init; } = [];

    /// <summary>The last revision that this store shares with a timeline; null when it shares none.</summary>
    public Revision? LastShared(uint timeline)
    {
        if (timeline == Timeline) return new Revision(ulong.MaxValue);
        foreach (TimelineFork fork in Ancestors)
            if (fork.Timeline == timeline) return fork.Last;
        return null;
    }
}

/// <summary>Where a restore left a timeline.</summary>
/// <param name="Last">The last revision that was taken over.</param>
internal readonly record struct TimelineFork(uint Timeline, Revision Last);

/// <summary>The disk or its content is wrong: nothing more is written until the store is reopened.</summary>
public sealed class StoreFailedException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>Where the damage is, if it is known.</summary>
    public DamagedPlace? Place { get; init; }
}

/// <param name="File">Its name in the store's directory.</param>
/// <param name="Offset">In bytes.</param>
public readonly record struct DamagedPlace(string File, long Offset)
{
    public override string ToString() => $"{File}, byte {Offset}";
}
