using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>
/// The second waist of storage: all that the log's transactions up to one revision add up to, so that opening a store
/// need not read the log from its beginning, and the log need not be kept from there. Nothing above it knows what a file is.
/// </summary>
internal interface ICheckpoint
{
    /// <summary>What the checkpoint that the store was opened from holds; revision 0 when there was none.</summary>
    Revision Revision { get; }

    /// <summary>What somebody should know of how the store was opened: checkpoints that were damaged and passed over, and what the log was cut of.</summary>
    IReadOnlyList<string> Notices { get; }

    /// <summary>Why the last checkpoint was not taken, or null. The store goes on; its log is kept until one is.</summary>
    Exception? Problem { get; }

    /// <summary>What has become of checkpoints so far.</summary>
    CheckpointState State { get; }

    /// <summary>Hands over the checkpoint that the store was opened from, if any. Called once, before the replay.</summary>
    /// <exception cref="StoreFailedException">It can't be read any more.</exception>
    void Load(ICheckpointReceiver receiver);

    /// <summary>
    /// Takes a checkpoint of everything that is durable, beside the writers, and drops of the log what neither history nor an
    /// older checkpoint needs. Returns the revision of the newest checkpoint; one that is taken already is waited for first.
    /// </summary>
    /// <exception cref="StoreFailedException">It could not be written or did not read back. The one before still counts.</exception>
    ValueTask<Revision> TakeAsync(CancellationToken cancellation);
}

/// <param name="Revision">Of the newest that counts; 0: there is none.</param>
/// <param name="TakenAt">When it was taken or, for one from before the store was opened, up to when it tells; null: there is none.</param>
/// <param name="Failures">How many could not be taken since the store was opened.</param>
internal readonly record struct CheckpointState(Revision Revision, Instant? TakenAt, long Failures);

/// <summary>Of a store that keeps nothing.</summary>
internal sealed class NoCheckpoint : ICheckpoint
{
    public Revision Revision => default;
    public IReadOnlyList<string> Notices => [];
    public Exception? Problem => null;
    public CheckpointState State => default;

    public void Load(ICheckpointReceiver receiver) { }

    public ValueTask<Revision> TakeAsync(CancellationToken cancellation) => ValueTask.FromResult<Revision>(default);
}
