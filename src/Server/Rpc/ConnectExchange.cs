using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using AuthzGraph.Rpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.Extensions.Primitives;

namespace AuthzGraph.Server.Rpc;

/// <summary>
/// A call in the unary JSON form of the Connect protocol (connectrpc.com/docs/protocol): the body is one message in
/// canonical proto3 JSON, the answer is another with status 200, or an error object with the status of its code.
/// </summary>
internal sealed class ConnectExchange : IExchange, IDisposable
{
    private const string TimeoutHeader = "Connect-Timeout-Ms";
    private const int MaxTimeoutDigits = 10;
    private const int JsonDepth = 64;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonParser Parser = new(new JsonParser.Settings(JsonDepth));
    private static readonly JsonFormatter Formatter = new(new JsonFormatter.Settings(formatDefaultValues: false));

    private readonly HttpContext _http;
    private readonly int _messageBytes;
    private IMessage? _answer;

    public ConnectExchange(HttpContext http, RpcOptions options)
    {
        _http = http;
        _messageBytes = options.MessageBytes;
        Call = new RpcCall(http, options, Timeout(http));
        http.Response.ContentType = ConnectError.ContentType;
    }

    public RpcCall Call { get; }

    public static bool Accepts(string? mediaType) =>
        mediaType is not null
        && mediaType.StartsWith(ConnectError.ContentType, StringComparison.OrdinalIgnoreCase)
        && (mediaType.Length == ConnectError.ContentType.Length || mediaType[ConnectError.ContentType.Length] is ';' or ' ');

    public async ValueTask<T> ReadAsync<T>(MessageDescriptor type) where T : class, IMessage<T>
    {
        if (_http.Request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding and not RpcMetadata.Identity)
            throw new RpcException(RpcCode.Unimplemented, $"Content-Encoding `{encoding}` is not supported; send JSON as it is.");
        string json = await ReadTextAsync();
        if (string.IsNullOrWhiteSpace(json)) throw Malformed("the body is empty; the message without any field is {}");
        try
        {
            return (T)Parser.Parse(json, type);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException or FormatException or OverflowException)
        {
            throw Malformed(e.Message);
        }
    }

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
        byte[] json = Encoding.UTF8.GetBytes(Formatter.Format(_answer));
        _http.Response.ContentLength = json.Length;
        await _http.Response.BodyWriter.WriteAsync(json);
    }

    public void Dispose() => Call.Dispose();

    private static TimeSpan? Timeout(HttpContext http) =>
        http.Request.Headers.TryGetValue(TimeoutHeader, out StringValues text) && text.ToString() is { Length: <= MaxTimeoutDigits } digits
        && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long ms)
            ? TimeSpan.FromMilliseconds(ms)
            : null;

    private async ValueTask<string> ReadTextAsync()
    {
        PipeReader input = _http.Request.BodyReader;
        while (true)
        {
            ReadResult read = await input.ReadAsync(Call.Cancellation);
            if (read.Buffer.Length > _messageBytes)
                throw new RpcException(RpcCode.ResourceExhausted, $"The message is larger than {_messageBytes} bytes, the most that is accepted.");
            if (read.IsCompleted)
            {
                string text = Decode(read.Buffer);
                input.AdvanceTo(read.Buffer.End);
                return text;
            }
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static string Decode(in ReadOnlySequence<byte> body)
    {
        try
        {
            return StrictUtf8.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("it is not UTF-8");
        }
    }

    private static RpcException Malformed(string why) => new(RpcCode.InvalidArgument, $"The request is not the JSON of its message: {why}");
}
