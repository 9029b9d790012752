using System.Collections.Immutable;
using System.Text;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Retention;
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
    private readonly TimeProvider _time;
    private readonly GraphIndex _index;
    private readonly ReclaimLoop _reclaiming;

    private AuthorizationGraph(GraphOptions options, ITransactionLog log, WriterState state, GraphIndex index, History history, Reclaimer reclaimer)
    {
        _log = log;
        _history = history;
        _index = index;
        _time = options.Time;
        _clock = new DecisionClock(options.Time, log);
        _writer = new Writer(log, state, history);
        _reclaiming = new ReclaimLoop(_writer, reclaimer);
        Limits = options.Limits;
        Scopes = new DefaultObjectPool<DecisionScope>(new ScopePolicy(index.Memory.Epochs));
    }

    internal Limits Limits { get; }
    internal ObjectPool<DecisionScope> Scopes { get; }

    /// <summary>Opens the store, replaying what it holds.</summary>
    /// <exception cref="StoreFailedException">The directory is in use, damaged, or of another format.</exception>
    public static async ValueTask<AuthorizationGraph> OpenAsync(GraphOptions options, CancellationToken cancellation = default)
    {
        ITransactionLog log = await Task.Run(() => OpenLog(options.Storage), cancellation).ConfigureAwait(false);
        try
        {
            var index = new GraphIndex();
            var state = new WriterState(index, options.Time, options.Limits);
            var history = new History(index.Horizon);
            var reclaimer = new Reclaimer(index, history, options.Time, options.Limits);
            await Task.Run(() => Replay(log, index, state, history, reclaimer), cancellation).ConfigureAwait(false);
            return new AuthorizationGraph(options, log, state, index, history, reclaimer);
        }
        catch
        {
            await log.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Why writes are refused, or null. Reads of what is durable go on.</summary>
    public Exception? Failure => _writer.Failure;

    /// <summary>What the index takes of memory.</summary>
    public MemoryUse Memory => MemoryUse.Of(_index);

    /// <summary>The oldest revision that can still be read.</summary>
    public Revision OldestRevision => _index.Horizon.Revision;

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

    /// <summary>Finishes the writes it accepted, then closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        await _reclaiming.DisposeAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
        await _log.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Reclaims all that lies behind the horizon as of now.</summary>
    internal Task ReclaimAsync(CancellationToken cancellation = default) => _reclaiming.FinishAsync(cancellation);

    /// <summary>Keeps a revision and an instant readable for a stream, which disposes of the pin when it ends.</summary>
    internal RevisionPin Pin(Revision revision, Instant instant) =>
        _index.Horizon.Pin(revision, instant, Instant.From(_time.GetUtcNow()).Plus((long)Limits.StreamTime.TotalMicroseconds));

    internal string TokenOf(Published published) => published.Token(_log.Identity);

    private static void Replay(ITransactionLog log, GraphIndex index, WriterState state, History history, Reclaimer reclaimer)
    {
        const int TransactionsPerTrim = 256;
        index.BeginReplay();
        log.Replay(transaction =>
        {
            history.Publish(state.Replay(transaction));
            if (transaction.Revision.Value % TransactionsPerTrim == 0) reclaimer.Trim();
        });
        index.EndReplay();
    }

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

    private static ITransactionLog OpenLog(StorageLocation location) => location switch
    {
        StorageLocation.Directory directory => FasterTransactionLog.Open(directory.Path),
        _ => new MemoryTransactionLog(),
    };
}
