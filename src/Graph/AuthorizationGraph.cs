using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Text;
using AuthzGraph.Graph.Counting;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Exporting;
using AuthzGraph.Graph.Importing;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Lookups;
using AuthzGraph.Graph.Reading;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Watching;
using AuthzGraph.Graph.Watching.Decisions;
using AuthzGraph.Graph.Writing;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;
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
    private readonly ChangeFeed _feed;
    private readonly Watches _watches;
    private readonly DecisionWatches _decisions;
    private readonly TimeProvider _time;
    private readonly GraphIndex _index;
    private readonly ReclaimLoop _reclaiming;
    private readonly Instruments _instruments;

    private AuthorizationGraph(
        GraphOptions options, ITransactionLog log, DecisionClock clock, WriterState state, GraphIndex index, History history, HistoryRebuild rebuild, Reclaimer reclaimer)
    {
        _log = log;
        _history = history;
        _index = index;
        _time = options.Time;
        _clock = clock;
        Limits = options.Limits;
        _feed = new ChangeFeed(log, history, options.Limits);
        _instruments = new Instruments(options, log, history, index, () => Failure is null, () => _watches?.Count ?? 0);
        Scopes = new ScopePool(index.Memory.Epochs, _instruments.Decisions);
        _writer = new Writer(log, state, history, _feed.Publish, _instruments.Durable);
        _watches = new Watches(_feed, history, log.Identity, options.Limits, options.Time, () => _clock.Now(_history.Head.CommittedAt), _writer.SettleAsync, Pin);
        _decisions = new DecisionWatches(this, _feed, _watches);
        _reclaiming = new ReclaimLoop(_writer, log, index, rebuild, reclaimer);
        _instruments.Begin();
    }

    internal Limits Limits { get; }
    internal ScopePool Scopes { get; }
    internal DecisionCounts Decisions => _instruments.Decisions;
    internal ObjectPool<LookupRoom> LookupRooms { get; } = LookupRoom.NewPool();
    internal StoreIdentity Identity => _log.Identity;

    /// <summary>Opens the store, replaying what it holds. Revisions before its last checkpoint become readable soon after, the newest first.</summary>
    /// <exception cref="StoreFailedException">The directory is in use, damaged, or of another format.</exception>
    public static ValueTask<AuthorizationGraph> OpenAsync(GraphOptions options, CancellationToken cancellation = default) =>
        OpenAsync(options, () => LogChoice.Open(options), cancellation);

    /// <summary>Opens the store on a log of the caller's; the options' storage is not looked at.</summary>
    internal static async ValueTask<AuthorizationGraph> OpenAsync(GraphOptions options, Func<ITransactionLog> openLog, CancellationToken cancellation = default)
    {
        ITransactionLog log = await OwnThread.RunAsync(openLog, cancellation).ConfigureAwait(false);
        try
        {
            var index = new GraphIndex(options.EdgeKey, options.MostNumbers);
            var clock = new DecisionClock(options.Time, log);
            var state = new WriterState(index, () => clock.Next, options.Limits);
            var history = new History(index.Horizon);
            var reclaimer = new Reclaimer(index, history, options.Time, () => Instant.Max(clock.Told, history.Head.CommittedAt), options.Limits);
            var schemas = await OwnThread.RunAsync(() => Recovery.Restore(log, index, state, history, reclaimer, options.Limits), cancellation).ConfigureAwait(false);
            var rebuild = new HistoryRebuild(index, history, new PastSchemas(index, schemas), reclaimer, options.Time, options.Limits);
            return new AuthorizationGraph(options, log, clock, state, index, history, rebuild, reclaimer);
        }
        catch
        {
            await log.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Gives authority and takes it back.</summary>
    public Delegations Delegations => new(this, _writer);

    /// <summary>Why writes are refused, or null. Reads of what is durable go on.</summary>
    public Exception? Failure => _writer.Failure;

    /// <summary>Completes with <see cref="Failure"/> at once when there is one.</summary>
    public Task<Exception> Failed => _writer.Failed;

    /// <summary>The instruments of this graph, and of those it shares them with (<see cref="GraphOptions.Meter"/>).</summary>
    public Meter Meter => _instruments.Meter.Meter;

    /// <summary>What the index takes of memory.</summary>
    public MemoryUse Memory => MemoryUse.Of(_index);

    /// <summary>The oldest revision that can still be read.</summary>
    public Revision OldestRevision => _index.Horizon.Revision;

    /// <summary>Whether revisions before <see cref="OldestRevision"/> are still being put back after a restart.</summary>
    public bool IsRebuildingHistory => _index.Horizon.IsRebuilding;

    /// <summary>What an operator should know of how the store was opened; most often nothing.</summary>
    public IReadOnlyList<string> Notices => _reclaiming.Problem is { } problem ? [.. _log.Checkpoint.Notices, problem] : _log.Checkpoint.Notices;

    /// <summary>Why the last checkpoint was not taken, or null. Nothing is lost by it, but the log is kept until one is.</summary>
    public Exception? CheckpointProblem => _log.Checkpoint.Problem;

    /// <summary>The revision the caller asks for, at the present instant.</summary>
    public Snapshot Snapshot(Consistency? consistency = null)
    {
        Published published = consistency switch
        {
            Consistency.AtExactSnapshot exact => _history.At(ConsistencyToken.Read(_log.Identity, exact.Token)),
            Consistency.AtLeastAsFresh fresh => _history.AtLeast(ConsistencyToken.Read(_log.Identity, fresh.Token)),
            _ => _history.Head,
        };
        return new Snapshot(this, published, _clock.Now(published.CommittedAt), consistency is Consistency.AtExactSnapshot ? SnapshotUse.Past : SnapshotUse.Present);
    }

    /// <summary>Writes tuples: durable and visible once it returns.</summary>
    /// <exception cref="RejectionException">A rule is broken; nothing was written. OUTCOME_UNKNOWN alone leaves that open.</exception>
    public async ValueTask<WriteReceipt> WriteAsync(WriteRequest request, CancellationToken cancellation = default)
    {
        request = request with { MetadataJson = Metadata.Normalize(request.MetadataJson, Limits.MetadataBytes) };
        return Receipt(await _writer.RunAsync((WriterState state, out Published result) => state.Write(request, out result), cancellation).ConfigureAwait(false));
    }

    /// <summary>Deletes what matches a filter, up to its limit, in one transaction: durable and visible once it returns.</summary>
    /// <exception cref="RejectionException">A rule is broken, or more match than the limit and a part is not allowed; nothing was deleted.</exception>
    public async ValueTask<DeleteReceipt> DeleteAsync(DeleteRequest request, CancellationToken cancellation = default)
    {
        request = request with { MetadataJson = Metadata.Normalize(request.MetadataJson, Limits.MetadataBytes) };
        int deleted = 0;
        bool isComplete = false;
        Published published = await _writer.RunAsync(
            (WriterState state, out Published result) => state.Delete(request, out result, out deleted, out isComplete), cancellation).ConfigureAwait(false);
        return new DeleteReceipt(Receipt(published), deleted, isComplete);
    }

    /// <summary>Replaces the schema. Rejected with the diagnostics when it does not compile, and when it would orphan stored tuples.</summary>
    public async ValueTask<WriteReceipt> WriteSchemaAsync(string text, CancellationToken cancellation = default)
    {
        Compilation compilation = Compile(text);
        CompiledSchema schema = compilation.Schema ?? throw Rejections.SchemaInvalid(compilation.Diagnostics);
        return Receipt(await new SchemaWrite(_writer, _history, _clock, Pin).RunAsync(schema, cancellation).ConfigureAwait(false));
    }

    /// <summary>
    /// What writing a schema would do to the newest one and to what is stored under it; writes nothing and stops nobody. Never
    /// fails for what the text says.
    /// </summary>
    /// <exception cref="RejectionException">The text is too long.</exception>
    public async ValueTask<SchemaReview> CheckSchemaAsync(string text, CancellationToken cancellation = default)
    {
        Snapshot snapshot = Snapshot();
        return await Task.Run(() => SchemaReview.Of(Compile(text), snapshot), cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Writes down all that is durable in one piece, beside readers and writers, so that the next start need not replay the log. The
    /// store does so by itself as the log grows. Returns the revision it holds.
    /// </summary>
    /// <exception cref="StoreFailedException">It could not be written or did not read back; what was there before still counts.</exception>
    public ValueTask<Revision> CheckpointAsync(CancellationToken cancellation = default) => _log.Checkpoint.TakeAsync(cancellation);

    /// <summary>
    /// A copy of all that was acknowledged when it is called, and perhaps somewhat more, beside readers and writers. It is a backup once
    /// its parts were written by a <see cref="StoreCopy"/> and <see cref="StoreDirectory.Verify"/> found nothing wrong with them.
    /// </summary>
    /// <exception cref="RejectionException">The graph is in memory.</exception>
    public ValueTask<StoreBackup> BackupAsync(CancellationToken cancellation = default) => _log.BackupAsync(cancellation);

    /// <summary>
    /// Every change after a revision within the retention, each once and in order, and then what comes, until it is cancelled. Only
    /// what is durable is told. Ends with WATCH_TOO_SLOW when its reader falls too far behind what is written: that names the token
    /// to resume after.
    /// </summary>
    /// <exception cref="RejectionException">The token is not of this store or its revision no longer kept; a filter does not fit the schema.</exception>
    public IAsyncEnumerable<WatchEvent> WatchAsync(WatchRequest request, CancellationToken cancellation = default) => _watches.Start(request, cancellation);

    /// <summary>
    /// The answer to each question, and then the new answer whenever a write or the clock changes one, until it is cancelled. Ends with
    /// WATCH_TOO_SLOW when its reader falls too far behind.
    /// </summary>
    public IAsyncEnumerable<DecisionChange> WatchDecisionsAsync(ImmutableArray<CheckQuestion> questions, CancellationToken cancellation = default) =>
        _decisions.Start(questions, cancellation);

    /// <summary>
    /// Every tuple of one snapshot that matches and has not ended there, each once, page by page as they are asked for; at least one page.
    /// </summary>
    /// <exception cref="RejectionException">The cursor is of another store or filter, or its revision no longer kept.</exception>
    public IEnumerable<ExportPage> Export(ExportRequest request)
    {
        if (request.PageSize < 1) throw Rejections.LimitNotPositive("page size");
        ExportCursor? cursor = request.Cursor is { } text ? ExportCursor.Read(_log.Identity, request.Filter, text) : null;
        Snapshot snapshot = cursor is null ? Snapshot(request.Consistency) : new Snapshot(this, _history.At(cursor.Revision), cursor.Instant);
        BoundSchema bound = snapshot.BoundOrNull ?? throw Rejections.NoSchema();
        if (request.Filter is { } filter) TupleReader.Expect(bound.Schema, filter);
        return snapshot.Pinned(new Exporter(_log.Identity, bound, snapshot, request.Filter, request.PageSize).Pages(cursor?.Last));
    }

    /// <summary>The snapshot that a cursor names.</summary>
    internal Snapshot SnapshotOf(LookupCursor cursor) => new(this, _history.At(cursor.Revision), cursor.Instant);

    /// <summary>
    /// Writes a stream of tuples, wholly or chunk by chunk, and says after each commit how far it came. Ends with the first chunk that is
    /// refused; what was committed before stays. Chunks under an <see cref="ImportRequest.Id"/> that were done before are passed over, so an
    /// import that broke off is done again from its start.
    /// </summary>
    /// <exception cref="RejectionException">A tuple breaks a rule; nothing of its chunk was written. OUTCOME_UNKNOWN alone leaves that open.</exception>
    public IAsyncEnumerable<ImportReceipt> ImportAsync(IAsyncEnumerable<RelationTuple> tuples, ImportRequest request, CancellationToken cancellation = default)
    {
        request = request with { MetadataJson = Metadata.Normalize(request.MetadataJson, Limits.MetadataBytes) };
        return new Importer(_writer, _history, Limits, request).RunAsync(tuples, Receipt, cancellation);
    }

    /// <summary>Finishes the writes it accepted, then closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        await _feed.CloseAsync().ConfigureAwait(false);
        await _reclaiming.DisposeAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
        _instruments.Dispose();
        await _log.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Reclaims all that lies behind the horizon as of now.</summary>
    internal Task ReclaimAsync(CancellationToken cancellation = default) => _reclaiming.FinishAsync(cancellation);

    /// <summary>Bytes that are kept for the sake of older revisions.</summary>
    internal long HistoryBytes => _reclaiming.HistoryBytes;

    /// <summary>Completes once every revision that a restart leaves readable is.</summary>
    internal Task RebuiltAsync() => _reclaiming.RebuiltAsync(CancellationToken.None);

    /// <summary>Keeps a revision and an instant readable for a stream, which disposes of the pin when it ends.</summary>
    internal RevisionPin Pin(Revision revision, Instant instant) =>
        _index.Horizon.Pin(revision, instant, Instant.From(_time.GetUtcNow()).Plus((long)Limits.StreamTime.TotalMicroseconds));

    internal string TokenOf(Published published) => published.Token(_log.Identity);

    private Compilation Compile(string text)
    {
        if (!Names.IsWhole(text)) throw Rejections.SchemaNotText();
        return Encoding.UTF8.GetByteCount(text) > Limits.SchemaBytes ? throw Rejections.SchemaTooLarge(Limits.SchemaBytes) : Compilation.Of(text);
    }

    private WriteReceipt Receipt(Published published) => new(published.Revision, published.CommittedAt, TokenOf(published));
}
