using System.Collections.Concurrent;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Server.Hosting;

namespace AuthzGraph.Server.Stores;

/// <summary>
/// The stores of this server: several graphs that know nothing of each other. The default store is always open; the others are opened when
/// they are first asked for, or all at the start.
/// </summary>
internal sealed class StoreBook : IStoreSource, IAsyncDisposable
{
    private const int OpenedAtATime = 4;

    private readonly GraphOptions _options;
    private readonly StoreFolders? _folders;
    private readonly ConcurrentDictionary<string, StoreSlot> _slots = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly StoreLogs _logs;

    private StoreBook(GraphOptions options, StoreLogs logs)
    {
        (_options, _logs) = (options with { Meter = Meter = new GraphMeter(options.Limits.MetricStores, options.Limits.MetricSeries) }, logs);
        _folders = options.Storage is StorageLocation.Directory directory ? new StoreFolders(directory.Path) : null;
    }

    /// <summary>Opens the default store, and finds the others or opens them.</summary>
    /// <param name="options">Where the default store is, and with it the others; how each is opened.</param>
    /// <exception cref="Graph.Storage.StoreFailedException">A store is in use, damaged, or of another format.</exception>
    public static async Task<StoreBook> OpenAsync(GraphOptions options, StoreOpening opening, StoreLogs logs, CancellationToken cancellation)
    {
        StoreBook book = new(options, logs);
        try
        {
            foreach (string name in book._folders?.List() ?? []) book.Add(name);
            await book.Add(StoreName.Default).OpenAsync(cancellation);
            if (opening is StoreOpening.AtStart)
                await Parallel.ForEachAsync(book._slots.Values, new ParallelOptions { MaxDegreeOfParallelism = OpenedAtATime, CancellationToken = cancellation },
                    async (slot, stop) => await slot.OpenAsync(stop));
            return book;
        }
        catch
        {
            await book.DisposeAsync();
            throw;
        }
    }

    /// <summary>The store of callers who name none.</summary>
    public ServedStore Default => _slots[StoreName.Default].Open ?? throw new InvariantException("the default store is open");

    /// <summary>Tells of the stores that are open.</summary>
    public GraphMeter Meter { get; }

    /// <summary>The names of all stores, in order.</summary>
    public IReadOnlyList<string> Names => [.. _slots.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The stores that are open.</summary>
    public IEnumerable<ServedStore> Open => _slots.Values.Select(slot => slot.Open).OfType<ServedStore>();

    /// <inheritdoc/>
    public ValueTask<ServedStore?> ForAsync(HttpContext http, string name)
    {
        if (!_slots.TryGetValue(name, out StoreSlot? slot)) return new((ServedStore?)null);
        return slot.Open is { } store ? new(store) : new(slot.OpenAsync(http.RequestAborted));
    }

    /// <summary>Makes an empty store.</summary>
    /// <exception cref="RejectionException">The name is none, or taken, or there are too many.</exception>
    public async Task<ServedStore> CreateAsync(string name, CancellationToken cancellation)
    {
        StoreName.Expect(name);
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_slots.ContainsKey(name)) throw StoreRefusals.Exists(name);
            if (_slots.Count >= _options.Limits.Stores) throw StoreRefusals.TooMany(_options.Limits.Stores);
            _folders?.Prepare();
            StoreSlot slot = new(name, OpenAsync);
            ServedStore store = await slot.OpenAsync(cancellation) ?? throw new InvariantException("nobody has deleted it");
            _slots[name] = slot;
            return store;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes a store and removes all that is in it, for good.</summary>
    /// <exception cref="RejectionException">There is no such store, or it is the default one.</exception>
    public async Task DeleteAsync(string name, CancellationToken cancellation)
    {
        if (name == StoreName.Default) throw StoreRefusals.Default();
        await _turn.WaitAsync(cancellation);
        try
        {
            if (!_slots.TryRemove(name, out StoreSlot? slot)) throw StoreRefusals.Unknown(name);
            await slot.CloseAsync();
            _folders?.Delete(name);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (StoreSlot slot in _slots.Values) await slot.CloseAsync();
        Meter.Dispose();
    }

    private StoreSlot Add(string name) => _slots.GetOrAdd(name, new StoreSlot(name, OpenAsync));

    private async Task<ServedStore> OpenAsync(string name, CancellationToken cancellation)
    {
        StoreLog log = _logs.Of(name);
        StorageLocation where = _folders is { } folders ? folders.Of(name) : new StorageLocation.Memory();
        AuthorizationGraph graph = await AuthorizationGraph.OpenAsync(_options with { Name = name, Storage = where, CheckpointFailed = log.CheckpointFailed }, cancellation);
        log.Follow(graph);
        return new ServedStore(name, graph);
    }
}
