using FASTER.core;

namespace AuthzGraph.Graph.Storage;

/// <summary>
/// FASTER's log as far as we use it while it runs: put an entry in, flush up to the end. Never both at once: FASTER 2.6.5 reads
/// its tail in two halves, and a flush that starts while an entry turns the page may take the new page with the old offset.
/// It then waits for bytes up to an address a page ahead, and so does everyone else, until that page is full.
/// </summary>
internal sealed class LogBuffer(FasterLog log) : IDisposable
{
    private readonly Lock _gate = new();

    public bool TryEnqueue(ReadOnlySpan<byte> entry, out long address)
    {
        lock (_gate) return log.TryEnqueue(entry, out address);
    }

    /// <summary>Hands everything put in before to the device.</summary>
    public void Flush()
    {
        lock (_gate) log.Commit();
    }

    /// <summary>The device has said of everything below that it is written.</summary>
    public long FlushedUntil => log.FlushedUntilAddress;

    public void Dispose() => log.Dispose();
}
