namespace AuthzGraph.Server.Stores;

/// <summary>A store that there is, open or not. It is opened once, by whoever asks first; one that could not be opened is tried again by the next.</summary>
internal sealed class StoreSlot(string name, Func<string, CancellationToken, Task<ServedStore>> open)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile ServedStore? _store;
    private bool _isDeleted;

    public string Name => name;

    /// <summary>The store, if it is open.</summary>
    public ServedStore? Open => _store;

    /// <summary>The store; null when it is deleted.</summary>
    public async Task<ServedStore?> OpenAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_isDeleted) return null;
            return _store ??= await open(name, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes it for good.</summary>
    public async Task CloseAsync()
    {
        await _turn.WaitAsync();
        try
        {
            _isDeleted = true;
            if (_store is { } store) await store.CloseAsync();
            _store = null;
        }
        finally
        {
            _turn.Release();
        }
    }
}
