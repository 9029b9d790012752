using AuthzGraph.Protocol.GoogleRpc;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Wire;
using Google.Protobuf;

namespace AuthzGraph.Server.Security;

/// <summary>Why a caller isn't let in, or not this far. None of them holds a secret or tells whether there is such a credential.</summary>
internal static class Refusals
{
    public static RpcException RightMissing(string credential, Rights missing) =>
        Denied("RIGHT_MISSING", $"The credential `{credential}` has no right to {missing.ToString().ToLowerInvariant()} here.");

    public static RpcException StoreUnknown(string store) => Of(RpcCode.NotFound, "STORE_UNKNOWN", $"There is no store `{store}` here.");

    private static RpcException Denied(string reason, string message) => Of(RpcCode.PermissionDenied, reason, message);

    private static RpcException Of(RpcCode code, string reason, string message)
    {
        Status status = Statuses.Describe(code, message, new ErrorInfo { Reason = reason, Domain = Statuses.Domain });
        return new RpcException(new RpcStatus(code, status.Message, status.ToByteArray()));
    }
}
