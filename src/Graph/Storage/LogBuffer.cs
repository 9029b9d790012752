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

    /// <summary>Completes once everything put in before is flushed; <paramref name="stopping"/> ends the wait.</summary>
    public ValueTask CommitAsync(CancellationToken stopping)
    {
        lock (_gate) return log.CommitAsync(stopping);
    }

    public long CommittedUntil => log.CommittedUntilAddress;

    public void Dispose() => log.Dispose();
}
