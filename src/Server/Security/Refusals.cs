using AuthzGraph.Model;
using AuthzGraph.Protocol.GoogleRpc;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Wire;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Server.Security;

/// <summary>Why a caller isn't let in, or not this far. No secret is repeated, and a key that is unknown looks like one that was withdrawn.</summary>
internal static class Refusals
{
    /// <summary>The reason of a key or certificate that nobody knows.</summary>
    public const string UnknownCredential = "CREDENTIAL_UNKNOWN";

    /// <summary>The reason of a token that doesn't hold.</summary>
    public const string RefusedToken = "TOKEN_REFUSED";

    public static RpcException CredentialMissing() => Unauthenticated("CREDENTIAL_MISSING", "Say who you are: send `authorization: Bearer` and a key or token.");

    public static RpcException CredentialUnknown() => Unauthenticated(UnknownCredential, "This key is not known here.");

    public static RpcException CertificateUnknown() => Unauthenticated(UnknownCredential, "No credential here is for this certificate.");

    public static RpcException CredentialEnded() => Unauthenticated("CREDENTIAL_ENDED", "The credential expired, was changed or was withdrawn while the call went on.");

    public static RpcException TokenRefused(string why) => Unauthenticated(RefusedToken, $"The token is refused: {why}.");

    public static RpcException KeysMissing(string issuer) =>
        Of(RpcCode.Unavailable, "ISSUER_KEYS_MISSING", $"The keys of the issuer `{issuer}` can't be had now, so its tokens can't be verified.");

    public static RpcException RightMissing(string credential, Rights missing) =>
        Denied("RIGHT_MISSING", $"`{credential}` has no right to {RightNames.Of(missing)} here.");

    public static RpcException StoreNotAllowed(string credential, string store) => Denied("STORE_NOT_ALLOWED", $"`{credential}` does not reach a store `{store}`.");

    public static RpcException OtherPrincipal(string credential, ObjectRef bound, SubjectRef asked) =>
        Denied("OTHER_PRINCIPAL", $"`{credential}` asks as `{bound}` alone, not as `{asked}`.");

    public static RpcException LimitReached(string credential, TimeSpan? retryAfter)
    {
        var info = new ErrorInfo { Reason = "CALL_LIMIT", Domain = Statuses.Domain };
        Status status = Statuses.Describe(RpcCode.ResourceExhausted, $"`{credential}` has reached its limit of calls.", info);
        if (retryAfter is { } delay) status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        return new RpcException(new RpcStatus(RpcCode.ResourceExhausted, status.Message, status.ToByteArray()));
    }

    public static RpcException ToldLess(string credential) =>
        Denied("TOLD_LESS", $"The credential `{credential}` is not told why chains hold or break, so they are not described to it.");

    public static RpcException NotThatPrincipal(string credential, ObjectRef bound) =>
        Denied("NOT_THAT_PRINCIPAL", $"The credential `{credential}` acts as `{bound}` alone.");

    public static RpcException StoreUnknown(string store) => Of(RpcCode.NotFound, "STORE_UNKNOWN", $"There is no store `{store}` here.");

    private static RpcException Unauthenticated(string reason, string message) => Of(RpcCode.Unauthenticated, reason, message);

    private static RpcException Denied(string reason, string message) => Of(RpcCode.PermissionDenied, reason, message);

    private static RpcException Of(RpcCode code, string reason, string message)
    {
        Status status = Statuses.Describe(code, message, new ErrorInfo { Reason = reason, Domain = Statuses.Domain });
        return new RpcException(new RpcStatus(code, status.Message, status.ToByteArray()));
    }
}
