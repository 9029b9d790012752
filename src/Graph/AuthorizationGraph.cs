using System.Text;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Storage;
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
        ITransactionLog log = await Task.Run(() => OpenLog(options.Storage), cancellation).ConfigureAwait(false);
        try
        {
            var state = new WriterState(new GraphIndex(), options.Time, options.Limits);
            var history = new History();
            await Task.Run(() => log.Replay(transaction => history.Publish(state.Replay(transaction))), cancellation).ConfigureAwait(false);
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
        if (Encoding.UTF8.GetByteCount(text) > Limits.SchemaBytes) throw Rejections.SchemaTooLarge(Limits.SchemaBytes);
        Compilation compilation = Compilation.Of(text);
        CompiledSchema schema = compilation.Schema ?? throw Rejections.SchemaInvalid(compilation.Diagnostics);
        return Receipt(await _writer.RunAsync((WriterState state, out Published result) => state.WriteSchema(schema, out result), cancellation).ConfigureAwait(false));
    }

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

    private WriteReceipt Receipt(Published published) => new(published.Revision, published.CommittedAt, TokenOf(published));

    private static ITransactionLog OpenLog(StorageLocation location) => location switch
    {
        StorageLocation.Directory directory => FasterTransactionLog.Open(directory.Path),
        _ => new MemoryTransactionLog(),
    };
}
