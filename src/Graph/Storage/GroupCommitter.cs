using System.Threading.Channels;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>
/// The one loop that commits: whatever was appended while a group was on its way to the disk makes up the next.
/// </summary>
/// <param name="beforeAdvance">Called with the new durable address before anyone is told of it.</param>
internal sealed class GroupCommitter(LogBuffer log, LogAppender appender, DurableProgress durable, Action<long> beforeAdvance, TimeSpan idleBeforeMark, TimeProvider time)
{
    private readonly Channel<bool> _work = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private Task _loop = Task.CompletedTask;

    public void Start() => _loop = Task.Run(RunAsync);

    public void Signal() => _work.Writer.TryWrite(true);

    /// <summary>Commits what is pending, with a last mark behind it, and ends the loop.</summary>
    public async Task StopAsync()
    {
        _work.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        Mark();
        await CommitPendingAsync().ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        await using ITimer idle = time.CreateTimer(_ => Mark(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (await _work.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            _work.Reader.TryRead(out _);
            await CommitPendingAsync().ConfigureAwait(false);
            idle.Change(idleBeforeMark, Timeout.InfiniteTimeSpan);
        }
    }

    private void Mark()
    {
        try
        {
            if (appender.TryAppendMark()) Signal();
        }
        catch (Exception e)
        {
            durable.Fail(e);
        }
    }

    /// <summary>Never throws: whatever goes wrong stops the log.</summary>
    private async Task CommitPendingAsync()
    {
        try
        {
            while (durable.Failure is null && appender.TailAddress is var pending && pending > durable.Position)
            {
                // FASTER reports a failed write by an exception or, when its own code fails on the way, not at all.
                await log.CommitAsync(durable.Stopping).ConfigureAwait(false);
                Invariant.That(log.CommittedUntil >= pending);
                beforeAdvance(pending);
                durable.Advance(pending);   // the end of a record, where FASTER's own address may lie behind padding
            }
        }
        catch (Exception e)
        {
            durable.Fail(e);
        }
    }
}
