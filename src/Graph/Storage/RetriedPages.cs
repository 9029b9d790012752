namespace AuthzGraph.Graph.Storage;

/// <summary>
/// Pages of a log of which a read that fails is tried again, a few times and each time after a longer wait: for who reads in the background and
/// has nobody waiting.
/// </summary>
internal sealed class RetriedPages(ILogPages pages, IReadOnlyList<TimeSpan> waits, CancellationToken cancellation) : ILogPages
{
    /// <summary>After these a read that still fails is given up.</summary>
    public static readonly IReadOnlyList<TimeSpan> Waits =
        [TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];

    public long End => pages.End;

    public void Read(long address, Span<byte> destination)
    {
        foreach (TimeSpan wait in waits)
        {
            try
            {
                pages.Read(address, destination);
                return;
            }
            catch (IOException e) when (e is not StoreFailedException)      // that one says that the segment is gone for good
            {
                cancellation.WaitHandle.WaitOne(wait);
                cancellation.ThrowIfCancellationRequested();
            }
        }
        pages.Read(address, destination);
    }
}
