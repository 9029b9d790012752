using System.IO.Pipelines;

namespace AuthzGraph.Server.Rpc;

/// <summary>
/// A request's bytes as they come. That a client resets its call is met here before the call is told of it: to whoever reads, the call is
/// cancelled.
/// </summary>
internal readonly struct RequestPipe(PipeReader reader)
{
    /// <summary>More bytes: at once, if they are there. No deadline timer is built unless the call has to wait for them.</summary>
    public ValueTask<ReadResult> ReadAsync(RpcCall call)
    {
        try
        {
            return reader.TryRead(out ReadResult read) ? new ValueTask<ReadResult>(read) : WaitAsync(call.Cancellation);
        }
        catch (IOException reset) when (reset is not BadHttpRequestException)
        {
            throw Cancelled(reset);
        }
    }

    public void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        try
        {
            reader.AdvanceTo(consumed, examined);
        }
        catch (IOException reset)
        {
            throw Cancelled(reset);
        }
    }

    private async ValueTask<ReadResult> WaitAsync(CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadAsync(cancellation);
        }
        catch (IOException reset) when (reset is not BadHttpRequestException)
        {
            throw Cancelled(reset);
        }
    }

    private static OperationCanceledException Cancelled(IOException reset) => new("The client reset the call.", reset);
}
