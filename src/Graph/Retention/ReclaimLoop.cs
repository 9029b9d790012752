using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Writing;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Retention;

/// <summary>
/// Has the writer put history back, and then reclaim, in slices, each a request of its own: so between other requests, and while there
/// are none. Numbers are given out again once history is back: it may mention them.
/// </summary>
internal sealed class ReclaimLoop : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(1);

    // a process may hold hundreds of stores to which nobody writes: they are looked at once in so many periods
    private const int PeriodsAtRest = 15;

    private readonly Writer _writer;
    private readonly HistoryRebuild _rebuild;
    private readonly Reclaimer _reclaimer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _rebuilt;
    private readonly Task _loop;

    public ReclaimLoop(Writer writer, ITransactionLog log, GraphIndex index, HistoryRebuild rebuild, Reclaimer reclaimer)
    {
        (_writer, _rebuild, _reclaimer) = (writer, rebuild, reclaimer);
        _rebuilt = RebuildAsync(log, index);
        _loop = LoopAsync();
    }

    /// <inheritdoc cref="Reclaimer.HistoryBytes"/>
    public long HistoryBytes => _reclaimer.HistoryBytes;

    /// <inheritdoc cref="HistoryRebuild.Problem"/>
    public string? Problem => _rebuild.Problem;

    /// <summary>Completes once history is as long as it gets.</summary>
    public Task RebuiltAsync(CancellationToken cancellation) => _rebuilt.WaitAsync(cancellation);

    /// <summary>Reclaims all that can be, and returns when that is done.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        await RebuiltAsync(cancellation).ConfigureAwait(false);
        bool hurry = true;
        while (_reclaimer.IsSweeping) await StepAsync(hurry: false, cancellation).ConfigureAwait(false);
        while (await StepAsync(hurry, cancellation).ConfigureAwait(false) || _reclaimer.IsSweeping) hurry = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        try
        {
            await _rebuilt.ConfigureAwait(false);
            using var timer = new PeriodicTimer(Period);
            Revision seen = _reclaimer.Newest;
            int rested = 0;
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                bool isAtRest = _reclaimer.Newest == seen && !_reclaimer.IsSweeping;
                if (isAtRest && ++rested < PeriodsAtRest) continue;
                (seen, rested) = (_reclaimer.Newest, 0);
                while (await StepAsync(hurry: false, _stop.Token).ConfigureAwait(false)) { }
            }
        }
        catch (OperationCanceledException) { }
        catch (InvariantException) { }      // our fault: the writer has latched it, and says so to whoever writes next
        catch (RejectionException) { }      // the store has failed or is closing: nothing is written, so nothing needs to go
    }

    private async Task RebuildAsync(ITransactionLog log, GraphIndex index)
    {
        await OwnThread.RunAsync(
            () => _rebuild.ReadBack(log, () => BetweenAsync(() => _rebuild.Run(Slice)).AsTask().GetAwaiter().GetResult(), _stop.Token),
            _stop.Token).ConfigureAwait(false);
        using IEnumerator<uint> release = index.EndReplay().GetEnumerator();
        await BetweenAsync(release.MoveNext).ConfigureAwait(false);
    }

    private async ValueTask BetweenAsync(Func<bool> slice)
    {
        while (await _writer.BetweenAsync(slice, _stop.Token).ConfigureAwait(false)) { }
    }

    private ValueTask<bool> StepAsync(bool hurry, CancellationToken cancellation) => _writer.BetweenAsync(() =>
    {
        if (hurry) _reclaimer.Hurry();
        return _reclaimer.Run(Slice);
    }, cancellation);
}
