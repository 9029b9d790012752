using AuthzGraph.Graph.Collections;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>A log in memory: what is appended counts as durable, is kept for the retention and is gone with the process.</summary>
internal sealed class MemoryTransactionLog(TimeSpan retention = default) : ITransactionLog
{
    private const int KeptEntries = 1 << 20;

    private readonly Lock _gate = new();
    private readonly PieceQueue<Kept> _kept = new();
    private readonly EncodedTransactions _encoded = new();
    private Revision _revision;
    private Instant _committedAt = Instant.Beginning;
    private long _entries;

    private readonly record struct Kept(Revision Revision, Instant CommittedAt, int Entries, EncodedTransaction Encoded);

    public StoreIdentity Identity { get; } = Manifest.NewIdentity();
    public Exception? Failure => null;
    public Task<Exception> Failed { get; } = new TaskCompletionSource<Exception>().Task;
    public LogFigures Figures => default;
    public Instant ReservedInstant { get; private set; } = Instant.Beginning;

    public ICheckpoint Checkpoint { get; } = new NoCheckpoint();

    public Revision Oldest
    {
        get { lock (_gate) return OldestKept; }
    }

    public void Replay(Action<LogTransaction> apply) { }

    public IEnumerable<LogTransaction> ReadBack(CancellationToken cancellation) => [];

    public IEnumerable<LogTransaction> ReadFrom(Revision first)
    {
        IEnumerable<Kept> found;
        lock (_gate) found = first > _revision ? [] : _kept.From((int)Math.Max(0, (long)(first.Value - OldestKept.Value)));
        return found.Select(t => t.Encoded.Read(t.Revision, t.CommittedAt));
    }

    public ValueTask<long> AppendAsync(LogTransaction transaction, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Invariant.That(transaction.Revision == _revision.Next);
        Invariant.That(transaction.CommittedAt > _committedAt);
        Keep(transaction);
        return ValueTask.FromResult((long)transaction.Revision.Value);
    }

    public ValueTask WaitDurableAsync(long position) => ValueTask.CompletedTask;

    public ValueTask<StoreBackup> BackupAsync(CancellationToken cancellation) => throw Rejections.NoDirectory();

    public void ReserveInstant(Instant until) => ReservedInstant = Instant.Max(ReservedInstant, until);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Revision OldestKept => _kept.Count > 0 ? _kept.Oldest.Revision : _revision.Next;

    private void Keep(LogTransaction transaction)
    {
        lock (_gate)
        {
            (_revision, _committedAt) = (transaction.Revision, transaction.CommittedAt);
            if (retention == TimeSpan.Zero) return;
            _kept.Add(new Kept(transaction.Revision, transaction.CommittedAt, transaction.Entries.Count, _encoded.Add(transaction)));
            _entries += transaction.Entries.Count;
            Instant horizon = transaction.CommittedAt.Plus(-(long)retention.TotalMicroseconds);
            while (_kept.Count > 1 && (_kept.Oldest.CommittedAt < horizon || _entries > KeptEntries))
            {
                _entries -= _kept.Oldest.Entries;
                _kept.Drop();
            }
        }
    }
}
