using AuthzGraph.Model;
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

    public static RpcException ToldLess(string credential) =>
        Denied("TOLD_LESS", $"The credential `{credential}` is not told why chains hold or break, so they are not described to it.");

    public static RpcException NotThatPrincipal(string credential, ObjectRef bound) =>
        Denied("NOT_THAT_PRINCIPAL", $"The credential `{credential}` acts as `{bound}` alone.");

    private static RpcException Denied(string reason, string message) => Of(RpcCode.PermissionDenied, reason, message);

    private static RpcException Of(RpcCode code, string reason, string message)
    {
        Status status = Statuses.Describe(code, message, new ErrorInfo { Reason = reason, Domain = Statuses.Domain });
        return new RpcException(new RpcStatus(code, status.Message, status.ToByteArray()));
    }
}
