using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>A log that keeps nothing: what is appended counts as durable and is gone with the process.</summary>
internal sealed class MemoryTransactionLog : ITransactionLog
{
    private Revision _revision;
    private Instant _committedAt = Instant.Beginning;

    public StoreIdentity Identity { get; } = Manifest.NewIdentity();
    public Exception? Failure => null;
    public Instant ReservedInstant { get; private set; } = Instant.Beginning;

    public ICheckpoint Checkpoint { get; } = new NoCheckpoint();

    public void Replay(Action<LogTransaction> apply) { }

    public void ReplayPast(Action<LogTransaction> apply) { }

    public ValueTask<long> AppendAsync(LogTransaction transaction, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Invariant.That(transaction.Revision == _revision.Next);
        Invariant.That(transaction.CommittedAt > _committedAt);
        (_revision, _committedAt) = (transaction.Revision, transaction.CommittedAt);
        return ValueTask.FromResult((long)_revision.Value);
    }

    public ValueTask WaitDurableAsync(long position) => ValueTask.CompletedTask;

    public void ReserveInstant(Instant until) => ReservedInstant = Instant.Max(ReservedInstant, until);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
