using System.Buffers;
using System.IO.Pipelines;
using AuthzGraph.Rpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Primitives;

namespace AuthzGraph.Server.Rpc;

/// <summary>A call in gRPC's own form: length-prefixed protobuf, the status in the trailers.</summary>
internal sealed class GrpcExchange : IExchange, IDisposable
{
    private readonly HttpContext _http;
    private readonly int _messageBytes;
    private readonly string? _requestEncoding;
    private bool _wroteMessage;
    private bool _gzip;
    private bool _streams;

    public GrpcExchange(HttpContext http, RpcOptions options)
    {
        _http = http;
        _messageBytes = options.MessageBytes;
        _requestEncoding = http.Request.Headers.TryGetValue(RpcMetadata.Encoding, out StringValues encoding) ? encoding.ToString() : null;
        Call = new RpcCall(http, options, Timeout(http));
        http.Response.ContentType = RpcMetadata.ContentType;
    }

    public RpcCall Call { get; }

    public async ValueTask<T> ReadAsync<T>(MessageDescriptor type) where T : class, IMessage<T>
    {
        Whole request = await ReadWholeAsync();
        T message = RpcFrame.Parse((MessageParser<T>)type.Parser, request.Payload, request.IsCompressed, _requestEncoding, _messageBytes);
        Body.AdvanceTo(request.End);
        return message;
    }

    public async ValueTask AnswerAsync(FieldsMethod method)
    {
        Whole request = await ReadWholeAsync();
        try
        {
            ReadOnlySequence<byte> payload = request.IsCompressed ? RpcFrame.Inflate(request.Payload, _requestEncoding, _messageBytes) : request.Payload;
            method.Answer(payload, Call, this, static (exchange, answer) => exchange.Write(answer));
        }
        catch (Exception e) when (e is InvalidDataException or InvalidProtocolBufferException)
        {
            throw RpcFrame.NoMessage(method.Request.Name, e);
        }
        finally
        {
            Body.AdvanceTo(request.End);
        }
    }

    private RequestPipe Body => new(_http.Request.BodyReader);

    /// <summary>The one message of a request, in the body's reader until that advances to its end.</summary>
    private readonly record struct Whole(ReadOnlySequence<byte> Payload, bool IsCompressed, SequencePosition End);

    private async ValueTask<Whole> ReadWholeAsync()
    {
        RefuseUnknownEncoding();
        RequestPipe input = Body;
        while (true)
        {
            ReadResult read = await input.ReadAsync(Call);
            ReadOnlySequence<byte> rest = read.Buffer;
            // each pass looks at the header, so that an oversize message is refused before its bytes are let in
            bool whole = RpcFrame.TryCut(ref rest, _messageBytes, out bool compressed, out ReadOnlySequence<byte> payload);
            if (whole && !rest.IsEmpty) throw new RpcException(RpcCode.Internal, "The request holds more than one message.");
            if (read.IsCompleted)
            {
                if (!whole) throw new RpcException(RpcCode.Internal, "The request ends before its message does.");
                return new Whole(payload, compressed, rest.End);
            }
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public async ValueTask<T?> ReadNextAsync<T>(MessageDescriptor type) where T : class, IMessage<T>
    {
        var parser = (MessageParser<T>)type.Parser;
        if (!_streams) StartStream();
        RequestPipe input = Body;
        while (true)
        {
            ReadResult read = await input.ReadAsync(Call);
            ReadOnlySequence<byte> rest = read.Buffer;
            if (RpcFrame.TryCut(ref rest, _messageBytes, out bool compressed, out ReadOnlySequence<byte> payload))
            {
                T message = RpcFrame.Parse(parser, payload, compressed, _requestEncoding, _messageBytes);
                input.AdvanceTo(rest.Start);
                return message;
            }
            input.AdvanceTo(rest.Start, rest.End);
            if (!read.IsCompleted) continue;
            return rest.IsEmpty ? null : throw new RpcException(RpcCode.Internal, "The request ends within a message.");
        }
    }

    public void Write(IMessage message)
    {
        if (IsCompressed()) RpcFrame.WriteGzip(_http.Response.BodyWriter, message.ToByteArray());
        else RpcFrame.Write(_http.Response.BodyWriter, message);
    }

    private void Write(ReadOnlySpan<byte> message)
    {
        if (IsCompressed()) RpcFrame.WriteGzip(_http.Response.BodyWriter, message);
        else RpcFrame.Write(_http.Response.BodyWriter, message);
    }

    public async ValueTask FlushAsync() => await _http.Response.BodyWriter.FlushAsync(Call.Cancellation);

    /// <summary>The status goes into the trailers or, when no message was written, into the one header block.</summary>
    public ValueTask FinishAsync(RpcStatus status)
    {
        // INVARIANT: decided by what was written, not by HasStarted: bytes that were not flushed do not start a response.
        IHeaderDictionary target = _wroteMessage || _http.Response.HasStarted
            ? _http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : _http.Response.Headers;
        target[RpcMetadata.Status] = RpcStatus.CodeText(status.Code);
        if (status.Message.Length > 0) target[RpcMetadata.Message] = PercentEncoding.Encode(status.Message);
        if (status.Details is { } details) target[RpcMetadata.Details] = RpcMetadata.ToBinary(details);
        return ValueTask.CompletedTask;
    }

    public void Dispose() => Call.Dispose();

    private static TimeSpan? Timeout(HttpContext http) =>
        http.Request.Headers.TryGetValue(RpcMetadata.Timeout, out StringValues text) && RpcTimeout.TryParse(text.ToString(), out TimeSpan timeout)
            ? timeout
            : null;

    /// <summary>A stream is as long and as slow as its client likes: each message has its limit, and the deadline holds.</summary>
    private void StartStream()
    {
        _streams = true;
        RefuseUnknownEncoding();
        if (_http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (_http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
    }

    private void RefuseUnknownEncoding()
    {
        if (_requestEncoding is null or RpcMetadata.Identity or RpcMetadata.Gzip) return;
        _http.Response.Headers[RpcMetadata.AcceptEncoding] = RpcMetadata.Encodings;
        throw new RpcException(RpcCode.Unimplemented, $"grpc-encoding `{_requestEncoding}` is not supported; use one of {RpcMetadata.Encodings}.");
    }

    // a client that compresses what it sends wants compressed answers; others pay bandwidth rather than our CPU
    private bool IsCompressed()
    {
        if (!_wroteMessage) ChooseEncoding();
        _wroteMessage = true;
        return _gzip;
    }

    private void ChooseEncoding()
    {
        if (_requestEncoding != RpcMetadata.Gzip || _http.Response.HasStarted) return;
        string accepted = _http.Request.Headers[RpcMetadata.AcceptEncoding].ToString();
        if (!accepted.Contains(RpcMetadata.Gzip, StringComparison.Ordinal)) return;
        _http.Response.Headers[RpcMetadata.Encoding] = RpcMetadata.Gzip;
        _gzip = true;
    }
}
