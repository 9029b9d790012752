using System.Buffers;
using System.Text;
using System.Text.Json;
using AuthzGraph.Rpc;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace AuthzGraph.Server.Rpc;

/// <summary>One message as a whole body: canonical proto3 JSON, or protobuf, as its content type says.</summary>
internal static class ConnectBody
{
    public const string Json = "application/json";
    public const string Binary = "application/proto";
    private const int JsonDepth = 64;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonParser Parser = new(new JsonParser.Settings(JsonDepth));
    private static readonly JsonFormatter Formatter = new(new JsonFormatter.Settings(formatDefaultValues: false));

    /// <summary>The content type without its parameters; null when it is neither of the two.</summary>
    public static string? TypeOf(string? mediaType) => Is(mediaType, Json) ? Json : Is(mediaType, Binary) ? Binary : null;

    public static byte[] Write(IMessage message, string contentType) =>
        contentType == Binary ? message.ToByteArray() : Encoding.UTF8.GetBytes(Formatter.Format(message));

    /// <exception cref="RpcException">INVALID_ARGUMENT: it is no such message.</exception>
    public static T Read<T>(in ReadOnlySequence<byte> body, MessageDescriptor type, string contentType) where T : class, IMessage<T> => (T)Read(body, type, contentType);

    /// <summary>The answer of a method to a body, as a body.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: it is no message of the method's.</exception>
    public static byte[] Answer(in ReadOnlySequence<byte> body, FieldsMethod method, RpcCall call, string contentType)
    {
        byte[] request = Read(body, method.Request, contentType).ToByteArray();
        IMessage answer = method.Response.Parser.ParseFrom(ReadOnlySpan<byte>.Empty);
        method.Answer(new ReadOnlySequence<byte>(request), call, answer, static (answer, fields) => answer.MergeFrom(fields));
        return Write(answer, contentType);
    }

    private static IMessage Read(in ReadOnlySequence<byte> body, MessageDescriptor type, string contentType)
    {
        try
        {
            if (contentType == Binary) return type.Parser.ParseFrom(body);
            string json = StrictUtf8.GetString(body);
            return string.IsNullOrWhiteSpace(json) ? throw Malformed("the body is empty; the message without any field is {}") : Parser.Parse(json, type);
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("it is not UTF-8");
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException or FormatException or OverflowException)
        {
            throw Malformed(contentType == Json && WhyNoJson(body) is { } why ? why : e.Message);
        }

        RpcException Malformed(string why) => new(RpcCode.InvalidArgument, $"The body is not a {type.Name}: {why}");
    }

    /// <summary>Why a body is no JSON at all, and where, which the parser of messages does not say; null if it is.</summary>
    private static string? WhyNoJson(in ReadOnlySequence<byte> body)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            return null;
        }
        catch (JsonException e)
        {
            return $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {e.Message.Split(" LineNumber:")[0]}";
        }
    }

    private static bool Is(string? mediaType, string expected) =>
        mediaType is not null
        && mediaType.StartsWith(expected, StringComparison.OrdinalIgnoreCase)
        && (mediaType.Length == expected.Length || mediaType[expected.Length] is ';' or ' ');
}
