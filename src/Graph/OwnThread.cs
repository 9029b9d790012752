namespace AuthzGraph.Graph;

/// <summary>
/// Runs what reads, writes or computes for long on a thread of its own. On the thread pool, which begins with a thread a core and adds another only
/// after half a second, it would take one from those who wait for answers. For work of which a store has a few at a time; what callers can ask for in any number belongs on the pool.
/// </summary>
internal static class OwnThread
{
    public static Task RunAsync(Action work, CancellationToken cancellation = default) =>
        Task.Factory.StartNew(work, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public static Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation = default) =>
        Task.Factory.StartNew(work, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
