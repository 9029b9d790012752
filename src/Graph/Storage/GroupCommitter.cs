using AuthzGraph.Model;

namespace AuthzGraph.Graph.Storage;

/// <summary>
/// The one loop that commits: whatever was appended while a group was on its way to the disk makes up the next. It has a thread, which
/// writes and syncs too, so that a group costs two changes of thread: one to it, one to those who wait. The thread goes when there was nothing to
/// commit for a while.
/// </summary>
/// <param name="beforeAdvance">Called with the new durable address before anyone is told of it.</param>
internal sealed class GroupCommitter(
    LogBuffer log, ILogDevice device, LogAppender appender, DurableProgress durable, Action<long> beforeAdvance, TimeSpan idleBeforeMark, TimeProvider time)
{
    private const int Spins = 140;      // lasts until a writer who was answered is back with the next; with the usual 35 the thread sleeps by then, and to wake it costs 15 us
    private static readonly TimeSpan Lingering = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _work = new(initialState: false, Spins);
    private ITimer? _idle;
    private Thread? _thread;        // null: there is nothing to commit
    private volatile bool _isStopping;

    public void Start() => _idle = time.CreateTimer(_ => Mark(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Signal()
    {
        lock (_gate)
        {
            if (_isStopping) return;
            _work.Set();
            if (_thread is not null) return;
            _thread = new Thread(Run) { IsBackground = true, Name = "authzgraph log" };
            _thread.Start();
        }
    }

    /// <summary>Commits what is pending, with a last mark behind it, and ends the loop.</summary>
    public async Task StopAsync()
    {
        Thread? thread;
        lock (_gate)
        {
            _isStopping = true;
            _work.Set();
            thread = _thread;
        }
        thread?.Join();
        if (_idle is not null) await _idle.DisposeAsync().ConfigureAwait(false);
        CommitPending();
        Mark();
        CommitPending();
    }

    private void Run()
    {
        while (AwaitSignal())
        {
            CommitPending();
            _idle?.Change(idleBeforeMark, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>False when the thread is to end.</summary>
    private bool AwaitSignal()
    {
        if (!_work.Wait(Lingering))
        {
            lock (_gate)
            {
                if (!_work.IsSet) _thread = null;
                if (_thread is null) return false;
            }
        }
        _work.Reset();      // before the tail is looked at, or a signal could be missed
        return !_isStopping;
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
    private void CommitPending()
    {
        try
        {
            while (durable.Failure is null && appender.TailAddress is var pending && pending > durable.Position)
            {
                log.Flush();
                device.WriteQueued();
                Invariant.That(log.FlushedUntil >= pending);    // a write that failed, of which FASTER need not tell, leaves it behind
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
