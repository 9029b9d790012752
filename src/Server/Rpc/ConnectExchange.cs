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
    private byte[]? _answer;

    public ConnectExchange(HttpContext http, string contentType, RpcOptions options)
    {
        (_http, _contentType, _messageBytes) = (http, contentType, options.MessageBytes);
        Call = new RpcCall(http, options, Timeout(http));
    }

    public RpcCall Call { get; }

    public ValueTask<T> ReadAsync<T>(MessageDescriptor type) where T : class, IMessage<T> =>
        ReadAsync(body => ConnectBody.Read<T>(body, type, _contentType));

    public async ValueTask AnswerAsync(FieldsMethod method) =>
        _answer = await ReadAsync(body => ConnectBody.Answer(body, method, Call, _contentType));

    private async ValueTask<T> ReadAsync<T>(Func<ReadOnlySequence<byte>, T> take)
    {
        if (_http.Request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding and not RpcMetadata.Identity)
            throw new RpcException(RpcCode.Unimplemented, $"Content-Encoding `{encoding}` is not supported; send the body as it is.");
        RequestPipe input = new(_http.Request.BodyReader);
        while (true)
        {
            ReadResult read = await input.ReadAsync(Call);
            bool done = read.IsCompleted || read.Buffer.Length > _messageBytes;
            try
            {
                if (done) return read.Buffer.Length > _messageBytes ? throw RpcFrame.TooLarge(_messageBytes) : take(read.Buffer);
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
        _answer = ConnectBody.Write(message, _contentType);
    }

    public ValueTask FlushAsync() => ValueTask.CompletedTask;

    public async ValueTask FinishAsync(RpcStatus status)
    {
        if (status.Code != RpcCode.Ok || _answer is null)
        {
            await ConnectError.WriteAsync(_http.Response, status);
            return;
        }
        _http.Response.ContentType = _contentType;
        _http.Response.ContentLength = _answer.Length;
        await _http.Response.BodyWriter.WriteAsync(_answer);
    }

    public void Dispose() => Call.Dispose();

    private static TimeSpan? Timeout(HttpContext http) =>
        http.Request.Headers.TryGetValue(TimeoutHeader, out StringValues text) && text.ToString() is { Length: <= MaxTimeoutDigits } digits
        && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long ms)
            ? TimeSpan.FromMilliseconds(ms)
            : null;
}
