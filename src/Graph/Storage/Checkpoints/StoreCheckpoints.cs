using System.Threading.Channels;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>A store's checkpoints: the one it was opened from, and those taken while it runs, on request or as the log grows.</summary>
/// <param name="failed">Told of each that could not be taken.</param>
internal sealed class StoreCheckpoints(CheckpointSources sources, CheckpointChoice choice, TimeProvider time, Action<Exception>? failed) : ICheckpoint, IAsyncDisposable
{
    private readonly CheckpointTaker _taker = new(sources);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private Task _loop = Task.CompletedTask;
    private long _dueAt = long.MaxValue;
    private Exception? _problem;
    private ITimer? _retry;
    private long _failures;
    private long _takenAt = (choice.Checkpoint?.Position.CommittedAt ?? Instant.Beginning).Microseconds;

    public Revision Revision => choice.Checkpoint is null ? default : choice.Start.Revision;

    public IReadOnlyList<string> Notices => choice.Notices;

    public Exception? Problem => Volatile.Read(ref _problem);

    public CheckpointState State
    {
        get
        {
            Instant takenAt = new(Volatile.Read(ref _takenAt));
            Revision newest = sources.Slots.Manifest.Checkpoints is [var mark, ..] ? mark.Position.Revision : default;
            return new CheckpointState(newest, takenAt.IsFinite ? takenAt : null, Volatile.Read(ref _failures));
        }
    }

    /// <summary>Once the log is open: forgets what was damaged and removes what is left over.</summary>
    public void Start()
    {
        if (!choice.Damaged.IsEmpty)
            sources.Slots.Change(manifest => manifest with { Checkpoints = [.. manifest.Checkpoints.Except(choice.Damaged)] });
        _taker.RemoveUnnamed();
    }

    /// <summary>
    /// Once everything was loaded and replayed: takes checkpoints as the log grows. Not sooner, since what is to be loaded would be
    /// removed after two of them.
    /// </summary>
    public void Follow()
    {
        SetDue(choice.Start.Address);
        _retry = time.CreateTimer(_ => Retry(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _loop = Task.Run(RunAsync);
        Consider(sources.DurableUpTo());
    }

    public void Load(ICheckpointReceiver receiver)
    {
        if (choice.Checkpoint is not { } mark) return;
        try
        {
            using ICheckpointInput input = sources.Files.Open(mark.Number);
            new CheckpointReader(input, sources.Files.NameOf(mark.Number), mark, sources.Slots.Manifest.Identity).ReadAll(receiver);
        }
        catch (Exception e) when (e is IOException and not StoreFailedException or UnauthorizedAccessException)
        {
            throw new StoreFailedException($"the file `{sources.Files.NameOf(mark.Number)}` can't be read: {e.Message}", e);
        }
    }

    /// <inheritdoc cref="CheckpointTaker.HoldPast"/>
    public IDisposable HoldPast(out LogPosition begin) => _taker.HoldPast(out begin);

    /// <summary>Does something while no checkpoint is taken and the log is not truncated: it had better be short.</summary>
    public async ValueTask<T> RunBetweenAsync<T>(Func<T> action, CancellationToken cancellation)
    {
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);
        await _turn.WaitAsync(both.Token).ConfigureAwait(false);
        try
        {
            return action();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask<Revision> TakeAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);
        await _turn.WaitAsync(both.Token).ConfigureAwait(false);
        try
        {
            await OwnThread.RunAsync(() => Take(both.Token), both.Token).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
        return sources.Slots.Manifest.Checkpoints is [var newest, ..] ? newest.Position.Revision : default;
    }

    /// <summary>The log is durable up to an address: takes a checkpoint if one is due. Never waits.</summary>
    public void Consider(long durableUpTo)
    {
        if (durableUpTo >= Volatile.Read(ref _dueAt)) _due.Writer.TryWrite(true);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (_retry is { } retry) await retry.DisposeAsync().ConfigureAwait(false);
        _due.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        await _turn.WaitAsync().ConfigureAwait(false);
        _stopping.Dispose();
        _turn.Dispose();
    }

    private async Task RunAsync()
    {
        while (await _due.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            _due.Reader.TryRead(out _);
            try
            {
                if (sources.DurableUpTo() >= Volatile.Read(ref _dueAt)) await TakeAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // what went wrong is in Problem; the log is kept, and the next attempt is due in a while
            }
        }
    }

    private void Take(CancellationToken cancellation)
    {
        SetDue(sources.DurableUpTo());
        try
        {
            _taker.TakeAll(cancellation);
            Volatile.Write(ref _takenAt, Instant.From(time.GetUtcNow()).Microseconds);
            Volatile.Write(ref _problem, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            StoreFailedException problem = new($"a checkpoint could not be taken: {e.Message}; the store goes on from the one before", e);
            Volatile.Write(ref _problem, problem);
            Interlocked.Increment(ref _failures);
            _retry?.Change(sources.Shape.RetryCheckpointAfter, Timeout.InfiniteTimeSpan);
            failed?.Invoke(problem);
            throw problem;
        }
    }

    private void Retry()
    {
        if (sources.HasFailed()) return;
        Volatile.Write(ref _dueAt, 0);
        _due.Writer.TryWrite(true);
    }

    /// <summary>A checkpoint costs about as much as it has bytes: the larger it is, the more of the log goes into the next.</summary>
    private void SetDue(long from)
    {
        long every = sources.Shape.CheckpointEveryBytes;
        long last = sources.Slots.Manifest.Checkpoints is [var newest, ..] ? newest.Bytes : 0;
        Volatile.Write(ref _dueAt, every == long.MaxValue ? every : from + Math.Clamp(last / 2, every, 8 * every));
    }
}
