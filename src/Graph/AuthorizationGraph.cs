using System.Collections.Immutable;
using System.Text;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Writing;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Changes;
using Microsoft.Extensions.ObjectPool;

namespace AuthzGraph.Graph;

/// <summary>
/// A relation graph and the decisions on it, in this process: open it, write a schema and tuples, take snapshots, ask.
/// Safe for any number of threads.
/// </summary>
public sealed class AuthorizationGraph : IAsyncDisposable
{
    private readonly ITransactionLog _log;
    private readonly History _history;
    private readonly Writer _writer;
    private readonly DecisionClock _clock;

    private AuthorizationGraph(GraphOptions options, ITransactionLog log, WriterState state, History history)
    {
        _log = log;
        _history = history;
        _clock = new DecisionClock(options.Time, log);
        _writer = new Writer(log, state, history);
        Limits = options.Limits;
    }

    internal Limits Limits { get; }
    internal ObjectPool<DecisionScope> Scopes { get; } = new DefaultObjectPool<DecisionScope>(new DefaultPooledObjectPolicy<DecisionScope>());

    /// <summary>Opens the store, replaying what it holds.</summary>
    /// <exception cref="StoreFailedException">The directory is in use, damaged, or of another format.</exception>
    public static async ValueTask<AuthorizationGraph> OpenAsync(GraphOptions options, CancellationToken cancellation = default)
    {
        ITransactionLog log = await Task.Run(() => OpenLog(options), cancellation).ConfigureAwait(false);
        try
        {
            var state = new WriterState(new GraphIndex(), options.Time, options.Limits);
            var history = new History();
            await Task.Run(() => Restore(log, state, history), cancellation).ConfigureAwait(false);
            return new AuthorizationGraph(options, log, state, history);
        }
        catch
        {
            await log.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Why writes are refused, or null. Reads of what is durable go on.</summary>
    public Exception? Failure => _writer.Failure;

    /// <summary>What an operator should know of how the store was opened; most often nothing.</summary>
    public IReadOnlyList<string> Notices => _log.Checkpoint.Notices;

    /// <summary>Why the last checkpoint was not taken, or null. Nothing is lost by it, but the log is kept until one is.</summary>
    public Exception? CheckpointProblem => _log.Checkpoint.Problem;

    /// <summary>The revision the caller asks for, at the present instant.</summary>
    public Snapshot Snapshot(Consistency? consistency = null)
    {
        Published published = consistency switch
        {
            Consistency.AtExactSnapshot exact => _history.At(ConsistencyToken.Read(_log.Identity, exact.Token)),
            Consistency.AtLeastAsFresh fresh => AtLeast(ConsistencyToken.Read(_log.Identity, fresh.Token)),
            _ => _history.Head,
        };
        return new Snapshot(this, published, _clock.Now(published.CommittedAt));
    }

    /// <summary>Writes tuples: durable and visible once it returns.</summary>
    /// <exception cref="RejectionException">A rule is broken; nothing was written. OUTCOME_UNKNOWN alone leaves that open.</exception>
    public async ValueTask<WriteReceipt> WriteAsync(WriteRequest request, CancellationToken cancellation = default) =>
        Receipt(await _writer.RunAsync((WriterState state, out Published result) => state.Write(request, out result), cancellation).ConfigureAwait(false));

    /// <summary>Replaces the schema. Rejected with the diagnostics when it does not compile, and when it would orphan stored tuples.</summary>
    public async ValueTask<WriteReceipt> WriteSchemaAsync(string text, CancellationToken cancellation = default)
    {
        Compilation compilation = Compile(text);
        CompiledSchema schema = compilation.Schema ?? throw Rejections.SchemaInvalid(compilation.Diagnostics);
        Published seen = _history.Head;
        Instant now = _clock.Now(seen.CommittedAt);
        if (seen.Bound is { } bound) await Task.Run(() => new SchemaSafety(bound, schema).Expect(seen.Revision.Value, now), cancellation).ConfigureAwait(false);
        return Receipt(await _writer.RunAsync((WriterState state, out Published result) => state.WriteSchema(schema, seen, out result), cancellation).ConfigureAwait(false));
    }

    /// <summary>
    /// What writing a schema would do to the newest one and to what is stored under it; writes nothing and stops nobody. Never
    /// fails for what the text says.
    /// </summary>
    /// <exception cref="RejectionException">The text is too long.</exception>
    public async ValueTask<SchemaReview> CheckSchemaAsync(string text, CancellationToken cancellation = default)
    {
        Snapshot snapshot = Snapshot();
        return await Task.Run(() => Review(text, snapshot), cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Writes down all that is durable in one piece, beside readers and writers, so that the next start need not replay the log. The
    /// store does so by itself as the log grows. Returns the revision it holds.
    /// </summary>
    /// <exception cref="StoreFailedException">It could not be written or did not read back; what was there before still counts.</exception>
    public ValueTask<Revision> CheckpointAsync(CancellationToken cancellation = default) => _log.Checkpoint.TakeAsync(cancellation);

    /// <summary>Finishes the writes it accepted, then closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync().ConfigureAwait(false);
        await _log.DisposeAsync().ConfigureAwait(false);
    }

    internal string TokenOf(Published published) => published.Token(_log.Identity);

    private Published AtLeast(Revision revision)
    {
        Published head = _history.Head;
        return revision <= head.Revision ? head : throw Rejections.RevisionAhead(revision, head.Revision);
    }

    private Compilation Compile(string text)
    {
        if (!Names.IsWhole(text)) throw Rejections.SchemaNotText();
        return Encoding.UTF8.GetByteCount(text) > Limits.SchemaBytes ? throw Rejections.SchemaTooLarge(Limits.SchemaBytes) : Compilation.Of(text);
    }

    private SchemaReview Review(string text, Snapshot snapshot)
    {
        Compilation compilation = Compile(text);
        if (compilation.Schema is not { } after) return new SchemaReview(compilation.Diagnostics, [], [], snapshot);
        if (snapshot.BoundOrNull is not { } before) return new SchemaReview(compilation.Diagnostics, SchemaDiff.Between(CompiledSchema.Empty, after), [], snapshot);
        ImmutableArray<SafetyViolation> violations = [.. new SchemaSafety(before, after).Violations(snapshot.Revision.Value, snapshot.Instant)];
        return new SchemaReview(compilation.Diagnostics, SchemaDiff.Between(before.Schema, after), violations, snapshot);
    }

    private WriteReceipt Receipt(Published published) => new(published.Revision, published.CommittedAt, TokenOf(published));

    private static void Restore(ITransactionLog log, WriterState state, History history)
    {
        if (state.Load(log.Checkpoint) is { } loaded) history.Restart(loaded);
        log.Replay(transaction => history.Publish(state.Replay(transaction)));
    }

    private static ITransactionLog OpenLog(GraphOptions options) => options.Storage switch
    {
        StorageLocation.Directory directory => FasterTransactionLog.Open(
            directory.Path, retention: Storage.Retention.Default with { Time = options.Limits.Retention }),
        _ => new MemoryTransactionLog(),
    };
}
