using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Server.Security;
using Requirement = AuthzGraph.Protocol.V1.Consistency.RequirementOneofCase;
using SubjectFilter = AuthzGraph.Graph.SubjectFilter;
using WireOperation = AuthzGraph.Protocol.V1.RelationshipUpdate.Types.Operation;
using WirePreconditionKind = AuthzGraph.Protocol.V1.Precondition.Types.Kind;

namespace AuthzGraph.Server.Wire;

/// <summary>What callers ask for, in the words of the graph.</summary>
internal static class Requests
{
    public static CheckQuestion ToQuestion(this CheckBatchItem wire) =>
        new(wire.Resource.ToResource(), wire.Permission, wire.Subject.ToModel(), wire.Acting.ToModel(), Contexts.ToJson(wire.Context));

    public static Graph.Consistency ToModel(this Protocol.V1.Consistency? wire) => (wire?.RequirementCase ?? Requirement.None) switch
    {
        Requirement.None => Graph.Consistency.Default,
        Requirement.MinimizeLatency when wire is { MinimizeLatency: true } => Graph.Consistency.Default,
        Requirement.FullyConsistent when wire is { FullyConsistent: true } => Graph.Consistency.Full,
        Requirement.AtLeastAsFresh when wire is not null => new Graph.Consistency.AtLeastAsFresh(wire.AtLeastAsFresh),
        Requirement.AtExactSnapshot when wire is not null => new Graph.Consistency.AtExactSnapshot(wire.AtExactSnapshot),
        _ => throw Rejection.Invalid("INVALID_CONSISTENCY", "`consistency` can't say false: leave it out, or choose another requirement"),
    };

    public static WriteRequest ToModel(this WriteRelationshipsRequest wire, Access access) => new()
    {
        Updates = [.. wire.Updates.Select(ToModel)],
        Preconditions = [.. wire.Preconditions.Select(ToModel)],
        MetadataJson = Contexts.ToJson(wire.Metadata),
        IdempotencyKey = wire.IdempotencyKey.OrNull(),
        IdempotencyScope = access.Credential,
        Right = access.WriteRight,
    };

    public static TupleFilter ToModel(this RelationshipFilter? wire)
    {
        if (wire is null) throw InvalidFilter("`filter` is missing");
        return new TupleFilter
        {
            ResourceType = wire.ResourceType.OrNull(),
            ResourceId = wire.ResourceId.OrNull(),
            ResourceIdPrefix = wire.ResourceIdPrefix.OrNull(),
            Relation = wire.Relation.OrNull(),
            Subject = wire.Subject?.ToModel(),
        };
    }

    public static DeleteRequest ToModel(this DeleteRelationshipsRequest wire, Access access) => new()
    {
        Filter = wire.Filter.ToModel(),
        Preconditions = [.. wire.Preconditions.Select(ToModel)],
        Limit = wire.Limit.OrNull(),
        AllowPartial = wire.AllowPartial,
        MetadataJson = Contexts.ToJson(wire.Metadata),
        Right = access.WriteRight,
    };

    private static SubjectFilter ToModel(this Protocol.V1.SubjectFilter wire) => wire.Type.Length == 0
        ? throw InvalidFilter("a filter by subject names the subject's `type`")
        : new SubjectFilter(wire.Type, wire.Id.OrNull(), wire.HasRelation ? wire.Relation : null);

    private static TupleUpdate ToModel(RelationshipUpdate wire) => new(ToKind(wire.Operation), wire.Relationship.ToModel());

    private static UpdateKind ToKind(WireOperation operation) => operation switch
    {
        WireOperation.Create => UpdateKind.Create,
        WireOperation.Touch => UpdateKind.Touch,
        WireOperation.Delete => UpdateKind.Delete,
        _ => throw Rejection.Invalid("INVALID_OPERATION", "an update's `operation` is OPERATION_CREATE, OPERATION_TOUCH or OPERATION_DELETE"),
    };

    private static Graph.Precondition ToModel(Protocol.V1.Precondition wire) => new(ToKind(wire.Kind), wire.Filter.ToModel());

    private static PreconditionKind ToKind(WirePreconditionKind kind) => kind switch
    {
        WirePreconditionKind.MustMatch => PreconditionKind.MustMatch,
        WirePreconditionKind.MustNotMatch => PreconditionKind.MustNotMatch,
        _ => throw Rejection.Invalid("INVALID_PRECONDITION", "a precondition's `kind` is KIND_MUST_MATCH or KIND_MUST_NOT_MATCH"),
    };

    /// <exception cref="RejectionException">One request has more checks than there may be.</exception>
    public static void ExpectChecks(int count, Limits limits)
    {
        if (count > limits.ChecksPerBatch) throw Rejection.Invalid("TOO_MANY_CHECKS", $"{count} checks in one request are more than {limits.ChecksPerBatch}");
    }

    private static RejectionException InvalidFilter(string message) => Rejection.Invalid("INVALID_FILTER", message);
}
