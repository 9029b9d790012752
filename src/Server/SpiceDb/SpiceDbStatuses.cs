using AuthzGraph.Graph.Storage;
using AuthzGraph.Model;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.Protocol.GoogleRpc;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Wire;
using Google.Protobuf;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>What a rejection is to SpiceDB's clients: the code and the ErrorReason that they know, and our own reason beside them.</summary>
internal static class SpiceDbStatuses
{
    /// <summary>The reason of schemas that can be read and make no sense.</summary>
    public const string TypeError = "SCHEMA_TYPE_ERROR";

    private const string Domain = "authzed.com";
    private const string OurReason = "authzgraph_reason";

    public static RpcStatus? Of(Exception exception) => exception switch
    {
        RejectionException rejection => Of(Describe(rejection)),
        StoreFailedException => Statuses.Of(exception),
        RpcException { Status: { Code: RpcCode.Unauthenticated, Details: { } details } } => OfUnknownKey(Status.Parser.ParseFrom(details)),
        _ => null,
    };

    /// <summary>The same as the error of one item.</summary>
    public static Status Describe(RejectionException rejection)
    {
        (RpcCode code, ErrorReason reason) = CodeOf(rejection);
        var info = new ErrorInfo
        {
            Reason = NameOf(reason),
            Domain = Domain,
            Metadata = { Statuses.Shorten(rejection.Metadata) },
        };
        info.Metadata[OurReason] = rejection.Reason;
        return Statuses.Describe(code, rejection.Message, info);
    }

    /// <summary>SpiceDB tells a key that it doesn't know from none: it is PERMISSION_DENIED. Null: it is something else.</summary>
    private static RpcStatus? OfUnknownKey(Status refusal)
    {
        if (!refusal.Details.Any(detail => detail.TryUnpack(out ErrorInfo info) && info.Reason is Refusals.UnknownCredential or Refusals.RefusedToken)) return null;
        refusal.Code = (int)RpcCode.PermissionDenied;
        return Of(refusal);
    }

    private static RpcStatus Of(Status status) => new((RpcCode)status.Code, status.Message, status.ToByteArray());

    private static string NameOf(ErrorReason reason) => ErrorReasonReflection.Descriptor.EnumTypes[0].FindValueByNumber((int)reason).Name;

    private static (RpcCode, ErrorReason) CodeOf(RejectionException rejection) => rejection.Reason switch
    {
        "SCHEMA_INVALID" => (RpcCode.InvalidArgument, ErrorReason.SchemaParseError),
        TypeError => (RpcCode.FailedPrecondition, ErrorReason.SchemaTypeError),
        "UNKNOWN_PERMISSION" => (RpcCode.InvalidArgument, ErrorReason.UnknownRelationOrPermission),
        "SCHEMA_BREAKS_DATA" => (RpcCode.InvalidArgument, ErrorReason.SchemaTypeError),
        "UNKNOWN_TYPE" => (RpcCode.FailedPrecondition, ErrorReason.UnknownDefinition),
        "NO_SCHEMA" => (RpcCode.FailedPrecondition, ErrorReason.UnknownDefinition),
        "UNKNOWN_RELATION" => (RpcCode.FailedPrecondition, ErrorReason.UnknownRelationOrPermission),
        "TOO_MANY_UPDATES" => (RpcCode.InvalidArgument, ErrorReason.TooManyUpdatesInRequest),
        "TOO_MANY_PRECONDITIONS" => (RpcCode.InvalidArgument, ErrorReason.TooManyPreconditionsInRequest),
        "PRECONDITION_FAILED" => (RpcCode.FailedPrecondition, ErrorReason.WriteOrDeletePreconditionFailure),
        "UNKNOWN_CAVEAT" => (RpcCode.FailedPrecondition, ErrorReason.UnknownCaveat),
        "SUBJECT_NOT_ALLOWED" => (RpcCode.InvalidArgument, ErrorReason.InvalidSubjectType),
        "INVALID_CAVEAT_CONTEXT" or "INVALID_CONTEXT" => (RpcCode.InvalidArgument, ErrorReason.CaveatParameterTypeError),
        "DUPLICATE_UPDATE" => (RpcCode.InvalidArgument, ErrorReason.UpdatesOnSameRelationship),
        "NOT_A_RELATION" => (RpcCode.InvalidArgument, ErrorReason.CannotUpdatePermission),
        "CAVEAT_FAILED" => (RpcCode.InvalidArgument, ErrorReason.CaveatEvaluationError),
        "INVALID_CURSOR" => (RpcCode.InvalidArgument, ErrorReason.InvalidCursor),
        "CURSOR_OF_ANOTHER_FILTER" or "CURSOR_OF_ANOTHER_STORE" or "CURSOR_OF_ANOTHER_TIMELINE" => (RpcCode.FailedPrecondition, ErrorReason.InvalidCursor),
        "TOO_MANY_TO_DELETE" => (RpcCode.InvalidArgument, ErrorReason.TooManyRelationshipsForTransactionalDelete),
        "TUPLE_EXISTS" => (RpcCode.AlreadyExists, ErrorReason.AttemptToRecreateRelationship),
        "CHECK_DEPTH_LIMIT" or "CYCLE_THROUGH_EXCLUSION" => (RpcCode.FailedPrecondition, ErrorReason.MaximumDepthExceeded),
        "TOO_MANY_CHECKS" => (RpcCode.InvalidArgument, ErrorReason.TooManyChecksInRequest),
        "INVALID_LIMIT" => (RpcCode.InvalidArgument, ErrorReason.ExceedsMaximumAllowableLimit),
        "INVALID_FILTER" or "EMPTY_FILTER" => (RpcCode.InvalidArgument, ErrorReason.InvalidFilter),
        "WILDCARD_NOT_ALLOWED" => (RpcCode.InvalidArgument, ErrorReason.WildcardNotAllowed),
        "METADATA_TOO_LARGE" => (RpcCode.InvalidArgument, ErrorReason.TransactionMetadataTooLarge),
        "COUNTER_EXISTS" => (RpcCode.FailedPrecondition, ErrorReason.CounterAlreadyRegistered),
        "COUNTER_UNKNOWN" => (RpcCode.FailedPrecondition, ErrorReason.CounterNotRegistered),
        _ => (Statuses.CodeOf(rejection.Code), ErrorReason.Unspecified),
    };
}
