using AuthzGraph.Graph.Writing;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Retention;

/// <summary>Has the writer reclaim in slices, each a request of its own: so between other requests, and while there are none.</summary>
internal sealed class ReclaimLoop : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(1);

    private readonly Writer _writer;
    private readonly Reclaimer _reclaimer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public ReclaimLoop(Writer writer, Reclaimer reclaimer)
    {
        (_writer, _reclaimer) = (writer, reclaimer);
        _loop = LoopAsync();
    }

    /// <summary>Reclaims all that can be, and returns when that is done.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
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
            using var timer = new PeriodicTimer(Period);
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
                while (await StepAsync(hurry: false, _stop.Token).ConfigureAwait(false)) { }
        }
        catch (OperationCanceledException) { }
        catch (InvariantException) { }      // our fault: the writer has latched it, and says so to whoever writes next
        catch (RejectionException) { }      // the store has failed or is closing: nothing is written, so nothing needs to go
    }

    private async ValueTask<bool> StepAsync(bool hurry, CancellationToken cancellation)
    {
        bool more = false;
        await _writer.RunAsync((WriterState state, out Published result) =>
        {
            if (hurry) _reclaimer.Hurry();
            more = _reclaimer.Run(Slice);
            result = state.Newest;
            return null;
        }, cancellation).ConfigureAwait(false);
        return more;
    }
}
