using System.Text;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Graph.Storage.Offline;
using AuthzGraph.Graph.Writing;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Verifying;

/// <summary>
/// Loads the store into an index as a server would, and holds that against the same checkpoint and log put together by the code that
/// makes checkpoints, which knows nothing of an index. With it what the writer remembers: schema and idempotency keys.
/// </summary>
internal sealed class IndexVerification(StoreView store, CheckpointMark? newest, LogPosition tail, IProgress<StoreProgress>? progress, CancellationToken cancellation)
{
    private const string Step = "index";
    private const int TransactionsPerReport = 4_096;

    // in which no key is pushed out by others: those that count are told by their age alone
    private static readonly Limits Keeping = Limits.Default with { IdempotencyKeys = int.MaxValue };

    private LogPosition Start => newest?.Position ?? store.Manifest.Begin;

    /// <summary>What holds, as a sentence.</summary>
    /// <exception cref="StoreFailedException">They differ, or it can't be loaded.</exception>
    public string Run()
    {
        progress?.Report(new StoreProgress(Step, 0, 0));
        GraphIndex index = new();
        index.BeginReplay(Keeping.Retention);
        WriterState state = new(index, () => Instant.From(TimeProvider.System.GetUtcNow()), Keeping);
        using (OneCheckpoint checkpoint = new(store, newest)) state.Load(checkpoint);
        foreach (LogTransaction transaction in Log()) state.Replay(transaction);
        StateDigest served = DigestOf(index, state);
        StateDigest stored = DigestOfStored();
        if (!served.Equals(stored)) throw new StoreFailedException($"the index that a server would load holds {served}, and the checkpoint with the log after it {stored}, or not the same");
        return $"the index a server would load agrees with checkpoint and log: {served}";
    }

    private IEnumerable<LogTransaction> Log()
    {
        LogScan scan = store.ScanFrom(Start);
        int read = 0;
        foreach (LogTransaction transaction in LogReplay.Read(scan, tail.Address))
        {
            cancellation.ThrowIfCancellationRequested();
            if (++read % TransactionsPerReport == 0) progress?.Report(new StoreProgress(Step, scan.Tail.Address - Start.Address, tail.Address - Start.Address));
            yield return transaction;
        }
    }

    private StateDigest DigestOfStored()
    {
        StateDigest digest = NewDigest();
        CheckpointDelta delta = new(int.MaxValue);
        foreach (LogTransaction transaction in Log()) delta.Add(transaction);
        using ICheckpointInput? input = newest is { } mark ? store.Checkpoints.Open(mark.Number) : null;
        CheckpointReader? before = input is not null && newest is { } from ? store.Read(input, from) : null;
        new CheckpointMerge(before, delta, digest, Instant.Beginning, Instant.Beginning).Run(cancellation);
        return digest;
    }

    private StateDigest DigestOf(GraphIndex index, WriterState state)
    {
        StateDigest digest = NewDigest();
        if (state.Newest.Bound is { } bound) digest.Schema(new StoredSchema(state.Newest.Revision, state.Newest.CommittedAt, bound.Schema.Text));
        foreach (NameTable names in index.Types.Where(type => type.LogNumber != 0)) Add(digest, names);
        for (uint number = 1; number <= index.Caveats.Last; number++)
            if (index.Caveats.IsBound(number)) digest.Text(CheckpointPart.CaveatContext, 0, number, Encoding.UTF8.GetBytes(index.Caveats.At(number).Text));
        foreach (StoredKey key in state.Keys) digest.Key(key);
        foreach (EdgeStore edges in index.Edges.Where(edges => edges.LogNumber != 0)) Add(digest, index, edges, state.Newest.Revision);
        return digest;
    }

    private StateDigest NewDigest() => new(tail.CommittedAt, forgotten: tail.CommittedAt.Plus(-(long)Keeping.Retention.TotalMicroseconds));

    private static void Add(StateDigest digest, NameTable names)
    {
        digest.Text(CheckpointPart.ObjectType, 0, names.LogNumber, Encoding.UTF8.GetBytes(names.Type));
        for (uint number = 1; number <= names.Last; number++)
            if (names.IsBound(number)) digest.Text(CheckpointPart.ObjectName, names.LogNumber, number, names.TextOf(number));
    }

    private void Add(StateDigest digest, GraphIndex index, EdgeStore edges, Revision revision)
    {
        digest.Text(CheckpointPart.EdgeType, 0, edges.LogNumber, Encoding.UTF8.GetBytes(edges.Text));
        foreach (List<EdgeVersion> slice in new EdgeScan(index, edges, revision.Value, Instant.Never).Slices())
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (EdgeVersion edge in slice)
                digest.Edge(new StoredEdge(edges.LogNumber, edge.Resource, edge.Subject, edge.Caveat, edge.Created, edge.Window));
        }
    }

    /// <summary>The checkpoint to load from; none is taken.</summary>
    private sealed class OneCheckpoint(StoreView store, CheckpointMark? mark) : ICheckpoint, IDisposable
    {
        private readonly ICheckpointInput? _input = mark is { } one ? store.Checkpoints.Open(one.Number) : null;

        public Revision Revision => mark?.Position.Revision ?? default;
        public IReadOnlyList<string> Notices => [];
        public Exception? Problem => null;
        public CheckpointState State => default;

        public void Load(ICheckpointReceiver receiver)
        {
            if (_input is not null && mark is { } one) store.Read(_input, one).ReadAll(receiver);
        }

        public ValueTask<Revision> TakeAsync(CancellationToken cancellation) => throw new NotSupportedException("a store that is looked into takes no checkpoint");

        public void Dispose() => _input?.Dispose();
    }
}
