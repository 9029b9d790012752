using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using AuthzGraph.Rpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.Extensions.Primitives;

namespace AuthzGraph.Server.Rpc;

/// <summary>
/// A call in the unary form of the Connect protocol (connectrpc.com/docs/protocol): the body is one message, the answer
/// is another with status 200, or an error object in JSON with the HTTP status of its code.
/// </summary>
internal sealed class ConnectExchange : IExchange, IDisposable
{
    private const string TimeoutHeader = "Connect-Timeout-Ms";
    private const int MaxTimeoutDigits = 10;

    private readonly HttpContext _http;
    private readonly string _contentType;
    private readonly int _messageBytes;
    private IMessage? _answer;

    public ConnectExchange(HttpContext http, string contentType, RpcOptions options)
    {
        (_http, _contentType, _messageBytes) = (http, contentType, options.MessageBytes);
        Call = new RpcCall(http, options, Timeout(http));
    }

    public RpcCall Call { get; }

    public async ValueTask<T> ReadAsync<T>(MessageDescriptor type) where T : class, IMessage<T>
    {
        if (_http.Request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding and not RpcMetadata.Identity)
            throw new RpcException(RpcCode.Unimplemented, $"Content-Encoding `{encoding}` is not supported; send the body as it is.");
        PipeReader input = _http.Request.BodyReader;
        while (true)
        {
            ReadResult read = await input.ReadAsync(Call.Cancellation);
            bool done = read.IsCompleted || read.Buffer.Length > _messageBytes;
            try
            {
                if (done) return Parse<T>(read.Buffer, type);
            }
            finally
            {
                // INVARIANT: every read is advanced, also before an exception: with a read left open Kestrel cannot use
                // the connection again and drops it, the answer with it.
                input.AdvanceTo(done ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
            }
        }
    }

    public ValueTask<T?> ReadNextAsync<T>(MessageDescriptor type) where T : class, IMessage<T> =>
        throw new RpcException(RpcCode.Unimplemented, "A request that is a stream is only taken over gRPC.");

    public void Write(IMessage message)
    {
        Model.Invariant.That(_answer is null);
        _answer = message;
    }

    public ValueTask FlushAsync() => ValueTask.CompletedTask;

    public async ValueTask FinishAsync(RpcStatus status)
    {
        if (status.Code != RpcCode.Ok || _answer is null)
        {
            await ConnectError.WriteAsync(_http.Response, status);
            return;
        }
        byte[] body = ConnectBody.Write(_answer, _contentType);
        _http.Response.ContentType = _contentType;
        _http.Response.ContentLength = body.Length;
        await _http.Response.BodyWriter.WriteAsync(body);
    }

    public void Dispose() => Call.Dispose();

    private T Parse<T>(in ReadOnlySequence<byte> body, MessageDescriptor type) where T : class, IMessage<T> =>
        body.Length > _messageBytes ? throw RpcFrame.TooLarge(_messageBytes) : ConnectBody.Read<T>(body, type, _contentType);

    private static TimeSpan? Timeout(HttpContext http) =>
        http.Request.Headers.TryGetValue(TimeoutHeader, out StringValues text) && text.ToString() is { Length: <= MaxTimeoutDigits } digits
        && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long ms)
            ? TimeSpan.FromMilliseconds(ms)
            : null;
}
