using System.Buffers;
using System.Net;
using AuthzGraph.Rpc;
using Google.Protobuf;

namespace AuthzGraph.Client;

/// <summary>A request body that is a stream of messages, each sent when it is there.</summary>
internal sealed class GrpcStreamContent<T>(IAsyncEnumerable<T> messages) : HttpContent where T : class, IMessage<T>
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.FlushAsync(cancellationToken);    // the headers go out even if the first message is late
        var frame = new ArrayBufferWriter<byte>();
        await foreach (T message in messages.WithCancellation(cancellationToken))
        {
            frame.ResetWrittenCount();
            RpcFrame.Write(frame, message);
            await stream.WriteAsync(frame.WrittenMemory, cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
