using System.Runtime.CompilerServices;

namespace AuthzGraph.Graph.Storage;

/// <summary>
/// How far the log is on stable storage, and whether it can get any further. Everyone who waits for one group shares
/// one task, so a group costs one allocation whatever the number of waiters.
/// </summary>
internal sealed class DurableProgress(long position)
{
    private long _position = position;
    private StoreFailedException? _failure;
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _next = NewStep();
    private long _advances;

    /// <summary>Everything below is on stable storage.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Why it will never get further, or null.</summary>
    public StoreFailedException? Failure => Volatile.Read(ref _failure);

    /// <summary>Completes with <see cref="Failure"/> once there is one.</summary>
    public Task<Exception> Failed => _failed.Task;

    /// <summary>How often it got further.</summary>
    public long Advances => Volatile.Read(ref _advances);

    public void Advance(long position)
    {
        Volatile.Write(ref _advances, _advances + 1);
        Volatile.Write(ref _position, position);
        Step();
    }

    /// <summary>Stops for good. Only the first reason counts.</summary>
    public void Fail(Exception reason)
    {
        StoreFailedException failure = new($"the log stopped: {reason.Message}; nothing more is written until the store is reopened", reason);
        if (Interlocked.CompareExchange(ref _failure, failure, null) is not null) return;
        Step();
        _failed.SetResult(failure);
    }

    public void ThrowIfFailed()
    {
        if (Failure is { } failure) throw new StoreFailedException(failure.Message, failure.InnerException);
    }

    public ValueTask WaitAsync(long position) => Position >= position ? ValueTask.CompletedTask : WaitForStepsAsync(position);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitForStepsAsync(long position)
    {
        while (true)
        {
            Task next = Volatile.Read(ref _next).Task;   // before the position is looked at, or a step could be missed
            if (Position >= position) return;
            ThrowIfFailed();
            await next.ConfigureAwait(false);
        }
    }

    private void Step() => Interlocked.Exchange(ref _next, NewStep()).SetResult();

    private static TaskCompletionSource NewStep() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
