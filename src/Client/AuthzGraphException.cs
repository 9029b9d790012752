using AuthzGraph.Protocol.GoogleRpc;
using AuthzGraph.Rpc;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Client;

/// <summary>A call that ended with another status than OK. Never an answer: neither allow nor deny.</summary>
public sealed class AuthzGraphException(RpcCode code, string message, string reason, IReadOnlyDictionary<string, string> metadata)
    : Exception(message)
{
    public RpcCode Code { get; } = code;

    /// <summary>Stable and machine-readable: <c>UNKNOWN_RELATION</c>. Empty when the server gave none.</summary>
    public string Reason { get; } = reason;

    /// <summary>What a program may act on: a schema's diagnostics, the oldest readable revision.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; } = metadata;

    internal static AuthzGraphException Of(RpcStatus status)
    {
        ErrorInfo info = InfoOf(status.Details);
        return new AuthzGraphException(status.Code, status.Message, info.Reason, new Dictionary<string, string>(info.Metadata));
    }

    private static ErrorInfo InfoOf(byte[]? details)
    {
        if (details is null) return new ErrorInfo();
        try
        {
            foreach (Any detail in Status.Parser.ParseFrom(details).Details)
                if (detail.TryUnpack(out ErrorInfo info)) return info;
        }
        catch (InvalidProtocolBufferException)
        {
            // a proxy's details, in a form of its own: the code and the message still stand
        }
        return new ErrorInfo();
    }
}
