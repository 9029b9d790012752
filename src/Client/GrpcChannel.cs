using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using AuthzGraph.Rpc;
using Google.Protobuf;

namespace AuthzGraph.Client;

/// <summary>gRPC calls over an HttpClient: one message up, and one or many down.</summary>
internal sealed class GrpcChannel : IDisposable
{
    private readonly HttpClient _http;
    private const string StoreHeader = "authzgraph-store";
    private readonly TimeSpan? _deadline;
    private readonly AuthzGraphClientOptions _options;

    public GrpcChannel(Uri address, AuthzGraphClientOptions options)
    {
        (_options, _deadline) = (options, options.Deadline);
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, UseProxy = false, SslOptions = Tls(options) };
        _http = new HttpClient(handler)
        {
            BaseAddress = address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,   // without TLS: HTTP/2 with prior knowledge
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public async Task<TResponse> UnaryAsync<TResponse>(string path, IMessage request, MessageParser<TResponse> parser, CancellationToken cancellation)
        where TResponse : class, IMessage<TResponse>
    {
        TResponse? answer = null;
        await foreach (TResponse message in ServerStreamAsync(path, request, parser, cancellation))
        {
            if (answer is not null) throw AuthzGraphException.Of(new RpcStatus(RpcCode.Internal, "The server answered with more than one message."));
            answer = message;
        }
        return answer ?? throw AuthzGraphException.Of(new RpcStatus(RpcCode.Internal, "The server answered without a message."));
    }

    public IAsyncEnumerable<TResponse> ServerStreamAsync<TResponse>(
        string path, IMessage request, MessageParser<TResponse> parser, CancellationToken cancellation)
        where TResponse : class, IMessage<TResponse> => StreamAsync(path, BodyOf(request), parser, cancellation);

    /// <summary>Sends messages while answers come in.</summary>
    public IAsyncEnumerable<TResponse> DuplexAsync<TRequest, TResponse>(
        string path, IAsyncEnumerable<TRequest> requests, MessageParser<TResponse> parser, CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => StreamAsync(path, new GrpcStreamContent<TRequest>(requests), parser, cancellation);

    private async IAsyncEnumerable<TResponse> StreamAsync<TResponse>(
        string path, HttpContent body, MessageParser<TResponse> parser, [EnumeratorCancellation] CancellationToken cancellation)
        where TResponse : class, IMessage<TResponse>
    {
        using var expiry = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (_deadline is { } deadline) expiry.CancelAfter(deadline);
        using GrpcResponse<TResponse> response = await OpenAsync(path, body, parser, expiry.Token, cancellation);
        while (await GuardAsync(response.ReadAsync(expiry.Token), cancellation) is { } message) yield return message;
    }

    public void Dispose() => _http.Dispose();

    private async Task<GrpcResponse<T>> OpenAsync<T>(
        string path, HttpContent body, MessageParser<T> parser, CancellationToken expiry, CancellationToken callers)
        where T : class, IMessage<T>
    {
        HttpRequestMessage message = ToHttp(path, body);
        var sending = new ValueTask<HttpResponseMessage>(_http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, expiry));
        HttpResponseMessage http = await GuardAsync(sending, callers);
        return new GrpcResponse<T>(http, parser);
    }

    private static ReadOnlyMemoryContent BodyOf(IMessage request)
    {
        var frame = new ArrayBufferWriter<byte>(RpcFrame.HeaderSize + request.CalculateSize());
        RpcFrame.Write(frame, request);
        return new ReadOnlyMemoryContent(frame.WrittenMemory);
    }

    private HttpRequestMessage ToHttp(string path, HttpContent body)
    {
        body.Headers.ContentType = new MediaTypeHeaderValue(RpcMetadata.ContentType);
        var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = body, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        message.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        message.Headers.TryAddWithoutValidation(RpcMetadata.AcceptEncoding, RpcMetadata.Encodings);
        if (_deadline is { } deadline) message.Headers.TryAddWithoutValidation(RpcMetadata.Timeout, RpcTimeout.Format(deadline));
        if (_options.Token is { } token) message.Headers.TryAddWithoutValidation("authorization", "Bearer " + token);
        if (_options.Store is { } store) message.Headers.TryAddWithoutValidation(StoreHeader, store);
        return message;
    }

    private static SslClientAuthenticationOptions Tls(AuthzGraphClientOptions options)
    {
        var tls = new SslClientAuthenticationOptions();
        if (options.Certificate is { } own) tls.ClientCertificates = [own];
        if (options.Authorities is not { } authorities) return tls;
        tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        return tls;
    }

    /// <summary>Turns every way in which a step can fail into the one exception callers know.</summary>
    private async ValueTask<T> GuardAsync<T>(ValueTask<T> step, CancellationToken callers)
    {
        try
        {
            return await step;
        }
        catch (RpcException e)
        {
            throw AuthzGraphException.Of(e.Status);
        }
        catch (OperationCanceledException) when (!callers.IsCancellationRequested)
        {
            throw AuthzGraphException.Of(new RpcStatus(RpcCode.DeadlineExceeded, $"No answer within {_deadline}."));
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !callers.IsCancellationRequested)
        {
            throw AuthzGraphException.Of(new RpcStatus(RpcCode.Unavailable, $"{_http.BaseAddress} did not answer: {e.Message}"));
        }
    }
}
