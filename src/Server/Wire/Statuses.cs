using System.Diagnostics;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;
using AuthzGraph.Protocol.GoogleRpc;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Server.Wire;

/// <summary>What a rejection is on the wire: a status code, and an ErrorInfo that says which rejection it is.</summary>
internal static class Statuses
{
    public const string Domain = "authzgraph";

    // Trailers of some 8 KiB are all that common gRPC clients accept, and the details travel there in base64.
    private const int MaxMessage = 1_000;
    private const int MaxMetadata = 3_000;

    /// <summary>The status a caller gets for an exception; null when it is a bug of ours, of which callers learn nothing.</summary>
    public static RpcStatus? Of(Exception exception) => exception switch
    {
        RejectionException rejection => Of(rejection),
        StoreFailedException => Of(RpcCode.Unavailable, "STORE_FAILED",
            "The store failed. What was not acknowledged may or may not be written: ask again once the server is back.", []),
        _ => null,
    };

    public static CheckBatchError ToItemError(RejectionException rejection) =>
        new() { Code = (int)CodeOf(rejection.Code), Reason = rejection.Reason, Message = Shorten(rejection.Message, MaxMessage) };

    private static RpcStatus Of(RejectionException rejection) =>
        Of(CodeOf(rejection.Code), rejection.Reason, rejection.Message, Shorten(rejection.Metadata));

    public static RpcCode CodeOf(RejectionCode code) => code switch
    {
        RejectionCode.InvalidArgument => RpcCode.InvalidArgument,
        RejectionCode.NotFound => RpcCode.NotFound,
        RejectionCode.AlreadyExists => RpcCode.AlreadyExists,
        RejectionCode.FailedPrecondition => RpcCode.FailedPrecondition,
        RejectionCode.PermissionDenied => RpcCode.PermissionDenied,
        RejectionCode.OutOfRange => RpcCode.OutOfRange,
        RejectionCode.ResourceExhausted => RpcCode.ResourceExhausted,
        RejectionCode.Unavailable => RpcCode.Unavailable,
        RejectionCode.Unimplemented => RpcCode.Unimplemented,
        _ => throw new UnreachableException(),
    };

    private static RpcStatus Of(RpcCode code, string reason, string message, Dictionary<string, string> metadata)
    {
        Status status = Describe(code, message, new ErrorInfo { Reason = reason, Domain = Domain, Metadata = { metadata } });
        return new RpcStatus(code, status.Message, status.ToByteArray());
    }

    /// <summary>A status with its details, short enough for trailers.</summary>
    public static Status Describe(RpcCode code, string message, ErrorInfo info) =>
        new() { Code = (int)code, Message = Shorten(message, MaxMessage), Details = { Any.Pack(info) } };

    public static Dictionary<string, string> Shorten(IReadOnlyDictionary<string, string> metadata)
    {
        var kept = new Dictionary<string, string>();
        int left = MaxMetadata;
        foreach ((string key, string value) in metadata)
        {
            if (left <= 0) break;
            kept[key] = Shorten(value, left);
            left -= kept[key].Length;
        }
        return kept;
    }

    private static string Shorten(string text, int length)
    {
        if (text.Length <= length) return text;
        int end = char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return text[..end] + "…";
    }
}
