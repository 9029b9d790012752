using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AuthzGraph.Protocol.GoogleRpc;
using AuthzGraph.Rpc;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Server.Rpc;

/// <summary>
/// An error as Connect writes it: <c>{"code":"invalid_argument","message":"…","details":[{"type":…,"value":…,"debug":…}]}</c>.
/// <c>value</c> is the detail in base64, for programs; <c>debug</c> is the same for people.
/// </summary>
internal static class ConnectError
{
    // nobody reads these answers as HTML, so quotes and angle brackets may stay as they are
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async ValueTask WriteAsync(HttpResponse response, RpcStatus status)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, Options)) WriteError(writer, status);
        response.StatusCode = HttpStatus(status.Code);
        response.ContentType = ConnectBody.Json;
        response.ContentLength = json.WrittenCount;
        await response.BodyWriter.WriteAsync(json.WrittenMemory);
    }

    /// <summary>The HTTP status of a code, as Connect fixes it.</summary>
    public static int HttpStatus(RpcCode code) => code switch
    {
        RpcCode.Ok => 200,
        RpcCode.Cancelled => 499,
        RpcCode.InvalidArgument or RpcCode.FailedPrecondition or RpcCode.OutOfRange => 400,
        RpcCode.Unauthenticated => 401,
        RpcCode.PermissionDenied => 403,
        RpcCode.NotFound => 404,
        RpcCode.AlreadyExists or RpcCode.Aborted => 409,
        RpcCode.ResourceExhausted => 429,
        RpcCode.Unimplemented => 501,
        RpcCode.Unavailable => 503,
        RpcCode.DeadlineExceeded => 504,
        _ => 500,
    };

    private static void WriteError(Utf8JsonWriter writer, RpcStatus status)
    {
        writer.WriteStartObject();
        writer.WriteString("code", Name(status.Code));
        if (status.Message.Length > 0) writer.WriteString("message", status.Message);
        if (status.Details is { } details) WriteDetails(writer, Status.Parser.ParseFrom(details));
        writer.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter writer, Status status)
    {
        writer.WriteStartArray("details");
        foreach (Any detail in status.Details)
        {
            writer.WriteStartObject();
            writer.WriteString("type", Any.GetTypeName(detail.TypeUrl));
            writer.WriteString("value", Convert.ToBase64String(detail.Value.Span).TrimEnd('='));
            if (detail.TryUnpack(out ErrorInfo info)) WriteInfo(writer, info);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteInfo(Utf8JsonWriter writer, ErrorInfo info)
    {
        writer.WriteStartObject("debug");
        writer.WriteString("reason", info.Reason);
        writer.WriteString("domain", info.Domain);
        writer.WriteStartObject("metadata");
        foreach ((string key, string value) in info.Metadata) writer.WriteString(key, value);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string Name(RpcCode code) => code switch
    {
        RpcCode.Cancelled => "canceled",
        RpcCode.InvalidArgument => "invalid_argument",
        RpcCode.DeadlineExceeded => "deadline_exceeded",
        RpcCode.NotFound => "not_found",
        RpcCode.AlreadyExists => "already_exists",
        RpcCode.PermissionDenied => "permission_denied",
        RpcCode.ResourceExhausted => "resource_exhausted",
        RpcCode.FailedPrecondition => "failed_precondition",
        RpcCode.Aborted => "aborted",
        RpcCode.OutOfRange => "out_of_range",
        RpcCode.Unimplemented => "unimplemented",
        RpcCode.Internal => "internal",
        RpcCode.Unavailable => "unavailable",
        RpcCode.DataLoss => "data_loss",
        RpcCode.Unauthenticated => "unauthenticated",
        _ => "unknown",
    };
}
