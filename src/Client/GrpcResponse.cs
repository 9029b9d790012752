using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using AuthzGraph.Rpc;
using Google.Protobuf;

namespace AuthzGraph.Client;

/// <summary>The answer to one call while it arrives: messages, then the status in the trailers.</summary>
internal sealed class GrpcResponse<T>(HttpResponseMessage http, MessageParser<T> parser) : IDisposable where T : class, IMessage<T>
{
    private const int MaxMessageBytes = 64 * 1024 * 1024;

    private readonly string? _encoding = First(http.Headers, RpcMetadata.Encoding);
    private PipeReader? _body;

    /// <summary>The next message; null when the call ended well.</summary>
    /// <exception cref="RpcException">It ended otherwise.</exception>
    public async ValueTask<T?> ReadAsync(CancellationToken cancellation)
    {
        _body ??= await OpenBodyAsync(cancellation);
        while (true)
        {
            ReadResult read = await _body.ReadAsync(cancellation);
            ReadOnlySequence<byte> rest = read.Buffer;
            if (RpcFrame.TryCut(ref rest, MaxMessageBytes, out bool compressed, out ReadOnlySequence<byte> payload))
            {
                T message = RpcFrame.Parse(parser, payload, compressed, _encoding, MaxMessageBytes);
                _body.AdvanceTo(rest.Start);
                return message;
            }
            _body.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted) return End(cutShort: !rest.IsEmpty);
        }
    }

    public void Dispose() => http.Dispose();

    private async ValueTask<PipeReader> OpenBodyAsync(CancellationToken cancellation)
    {
        if (First(http.Headers, RpcMetadata.Status) is null)   // else there are no messages and the headers are the trailers
        {
            if (http.StatusCode != HttpStatusCode.OK) throw new RpcException(CodeOf(http.StatusCode), $"The server answered with HTTP status {(int)http.StatusCode}.");
            if (!RpcMetadata.IsRpc(http.Content.Headers.ContentType?.MediaType)) throw new RpcException(RpcCode.Unknown, "The server does not answer in gRPC.");
        }
        return PipeReader.Create(await http.Content.ReadAsStreamAsync(cancellation));
    }

    private T? End(bool cutShort)
    {
        HttpHeaders trailers = First(http.TrailingHeaders, RpcMetadata.Status) is null ? http.Headers : http.TrailingHeaders;
        if (First(trailers, RpcMetadata.Status) is not { } text) throw new RpcException(RpcCode.Internal, "The call ended without a status.");
        RpcCode code = RpcStatus.ParseCode(text);
        if (code == RpcCode.Ok && cutShort) throw new RpcException(RpcCode.Internal, "The call ended within a message.");
        if (code == RpcCode.Ok) return null;
        string message = PercentEncoding.Decode(First(trailers, RpcMetadata.Message) ?? code.ToString());
        byte[]? details = First(trailers, RpcMetadata.Details) is { } binary ? RpcMetadata.FromBinary(binary) : null;
        throw new RpcException(new RpcStatus(code, message, details));
    }

    private static string? First(HttpHeaders headers, string name) =>
        headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;

    /// <summary>The code that gRPC's specification gives to an answer that carries none (http-grpc-status-mapping.md).</summary>
    private static RpcCode CodeOf(HttpStatusCode status) => (int)status switch
    {
        400 => RpcCode.Internal,
        401 => RpcCode.Unauthenticated,
        403 => RpcCode.PermissionDenied,
        404 => RpcCode.Unimplemented,
        429 or 502 or 503 or 504 => RpcCode.Unavailable,
        _ => RpcCode.Unknown,
    };
}
