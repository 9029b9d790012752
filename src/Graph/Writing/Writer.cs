using System.Diagnostics;
using System.Threading.Channels;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Writing;

/// <summary>
/// One sequencer and one committer. The sequencer takes requests in order, validates each against the newest revision
/// (what is pending included), applies it to the index under its own revision and hands it to the log. The committer waits
/// until the log has it on stable storage, publishes the revision, and only then answers: nothing is visible before it is
/// durable. An answer that changed nothing, a refusal included, waits for the pending writes that it saw.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    private const int QueueLength = 4096;

    private readonly ITransactionLog _log;
    private readonly WriterState _state;
    private readonly History _history;
    private readonly Action<Published, LogTransaction> _tell;
    private readonly Channel<Request> _requests = Channel.CreateBounded<Request>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly Channel<Answered> _answers = Channel.CreateBounded<Answered>(new BoundedChannelOptions(QueueLength) { SingleReader = true, SingleWriter = true });
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<double> _durable;
    private Exception? _fault;
    private readonly Task _sequencer;
    private readonly Task _committer;

    /// <param name="tell">Called with every transaction once it is published, before its writer hears of it.</param>
    /// <param name="durable">Takes the seconds from when a transaction was handed to the log until it was durable.</param>
    public Writer(ITransactionLog log, WriterState state, History history, Action<Published, LogTransaction> tell, Action<double> durable)
    {
        (_log, _state, _history, _tell, _durable) = (log, state, history, tell, durable);
        _ = log.Failed.ContinueWith(failed => _failed.TrySetResult(failed.Result), TaskScheduler.Default);
        _sequencer = Task.Run(SequenceAsync);
        _committer = Task.Run(CommitAsync);
    }

    /// <summary>Validates and applies one request; null when it changes nothing.</summary>
    public delegate LogTransaction? Step(WriterState state, out Published result);

    /// <summary>Why nothing more is written, or null.</summary>
    public Exception? Failure => _log.Failure ?? Volatile.Read(ref _fault);

    /// <summary>Completes with <see cref="Failure"/> at once when there is one.</summary>
    public Task<Exception> Failed => _failed.Task;

    /// <exception cref="RejectionException">Nothing more is written.</exception>
    public void ExpectToWrite()
    {
        if (Failure is { } failure) throw Rejections.StoreFailed(failure);
    }

    /// <summary>Completes once what the step changed is durable and visible.</summary>
    public async ValueTask<Published> RunAsync(Step step, CancellationToken cancellation)
    {
        ExpectToWrite();
        var request = new Request(step);
        try { await _requests.Writer.WriteAsync(request, cancellation).ConfigureAwait(false); }
        catch (ChannelClosedException) { throw Rejections.Closed(); }
        return await request.Done.Task.ConfigureAwait(false);
    }

    /// <summary>Completes once all that was begun before is published; a store that can't write has nothing to wait for.</summary>
    public async Task SettleAsync()
    {
        try
        {
            await RunAsync(static (WriterState state, out Published result) =>
            {
                result = state.Newest;
                return null;
            }, CancellationToken.None).ConfigureAwait(false);
        }
        catch (RejectionException)
        {
        }
    }

    /// <summary>Has something short done between two requests that is nobody's request, and returns what it returned.</summary>
    public async ValueTask<bool> BetweenAsync(Func<bool> work, CancellationToken cancellation)
    {
        bool returned = false;
        await RunAsync((WriterState state, out Published result) =>
        {
            returned = work();
            result = state.Newest;
            return null;
        }, cancellation).ConfigureAwait(false);
        return returned;
    }

    /// <summary>Finishes what was accepted, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
        await _sequencer.ConfigureAwait(false);
        await _committer.ConfigureAwait(false);
    }

    private async Task SequenceAsync()
    {
        long position = 0;
        await foreach (Request request in _requests.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            Answered answer;
            bool isApplied = false;
            long begun = Stopwatch.GetTimestamp();
            try
            {
                ExpectToWrite();
                LogTransaction? transaction = request.Step(_state, out Published result);
                isApplied = transaction is not null;
                if (transaction is not null) position = await _log.AppendAsync(transaction, CancellationToken.None).ConfigureAwait(false);
                answer = new Answered(request, position, result, transaction, null, begun);
            }
            catch (StoreFailedException) { answer = new Answered(request, position, null, null, Rejections.OutcomeUnknown()); }
            catch (RejectionException refusal) when (!isApplied) { answer = new Answered(request, position, null, null, refusal); }
            catch (Exception fault)
            {
                // a bug of ours may have left half a transaction in the index: nothing more is built on it
                Stop(fault);
                answer = new Answered(request, position, null, null, fault);
            }
            await _answers.Writer.WriteAsync(answer).ConfigureAwait(false);
        }
        _answers.Writer.Complete();
    }

    private async Task CommitAsync()
    {
        await foreach (Answered answer in _answers.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                if (answer.Position > 0) await _log.WaitDurableAsync(answer.Position).ConfigureAwait(false);
                if (answer.Transaction is not null) _durable(Stopwatch.GetElapsedTime(answer.Begun).TotalSeconds);
                if (answer is { Transaction: { } transaction, Result: { } published }) Publish(published, transaction);
                if (answer.Result is { } result) answer.Request.Done.SetResult(result);
                else answer.Request.Done.SetException(answer.Refusal ?? Rejections.OutcomeUnknown());
            }
            catch (Exception fault)
            {
                if (fault is not StoreFailedException) Stop(fault);
                answer.Request.Done.TrySetException(Rejections.OutcomeUnknown());
            }
        }
    }

    private void Stop(Exception fault)
    {
        Volatile.Write(ref _fault, fault);
        _failed.TrySetResult(fault);
    }

    private void Publish(Published published, LogTransaction transaction)
    {
        _history.Publish(published);
        _tell(published, transaction);
    }

    private sealed record Request(Step Step)
    {
        public TaskCompletionSource<Published> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record Answered(Request Request, long Position, Published? Result, LogTransaction? Transaction, Exception? Refusal, long Begun = 0);
}
