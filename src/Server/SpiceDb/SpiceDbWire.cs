using System.Collections.Immutable;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Telemetry;
using AuthzGraph.Server.Wire;
using PreconditionKind = AuthzGraph.Graph.PreconditionKind;
using Requirement = AuthzGraph.Protocol.Authzed.Consistency.RequirementOneofCase;
using WireOperation = AuthzGraph.Protocol.Authzed.RelationshipUpdate.Types.Operation;
using WirePrecondition = AuthzGraph.Protocol.Authzed.Precondition.Types.Operation;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>Objects, relationships, filters and tokens in SpiceDB's words. What is missing or malformed is refused with the field's name.</summary>
internal static class SpiceDbWire
{
    /// <summary>How SpiceDB writes that a subject has no relation.</summary>
    public const string Itself = "...";

    public static ObjectRef ToModel(this ObjectReference? wire, string field)
    {
        if (wire is null) throw Missing(field);
        if (!Names.IsType(wire.ObjectType) || !Names.IsObjectId(wire.ObjectId))
            throw Rejection.InvalidText(field, $"{wire.ObjectType}:{wire.ObjectId}", "type:id");
        return new ObjectRef(wire.ObjectType, wire.ObjectId);
    }

    public static ObjectRef ToResource(this ObjectReference? wire, string field = "resource") =>
        wire.ToModel(field) is { IsWildcard: false } resource ? resource : throw Wildcard(field);

    public static SubjectRef ToModel(this SubjectReference? wire, string field = "subject")
    {
        if (wire is null) throw Missing(field);
        ObjectRef subject = wire.Object.ToModel($"{field}.object");
        if (wire.OptionalRelation is "" or Itself) return new SubjectRef(subject);
        if (subject.IsWildcard || !Names.IsRelation(wire.OptionalRelation))
            throw Rejection.InvalidText(field, $"{subject}#{wire.OptionalRelation}", "type:id, type:id#relation or type:*");
        return new SubjectRef(subject, wire.OptionalRelation);
    }

    /// <summary>Who a check is about: nobody is everybody.</summary>
    public static SubjectRef ToAsker(this SubjectReference? wire, string field = "subject") =>
        wire.ToModel(field) is { Object.IsWildcard: false } subject ? subject : throw Wildcard(field);

    public static RelationTuple ToModel(this Relationship? wire)
    {
        if (wire is null) throw Missing("relationship");
        if (!Names.IsRelation(wire.Relation)) throw Rejection.InvalidText("relation", wire.Relation, "as in the schema: 3–64 of a–z 0–9 _");
        return new RelationTuple(wire.Resource.ToResource(), wire.Relation, wire.Subject.ToModel())
        {
            Window = Times.ToWindow(null, wire.OptionalExpiresAt),
            Caveat = wire.OptionalCaveat is { CaveatName.Length: > 0 } caveat ? new CaveatRef(caveat.CaveatName, Contexts.ToJson(caveat.Context)) : null,
        };
    }

    public static ObjectReference ToWire(this ObjectRef value) => new() { ObjectType = value.Type, ObjectId = value.Id };

    public static SubjectReference ToWire(this SubjectRef value) => new() { Object = value.Object.ToWire(), OptionalRelation = value.Relation ?? "" };

    /// <summary>Without the start of its window, for which there is no field.</summary>
    public static Relationship ToWire(this in RelationTuple tuple) => new()
    {
        Resource = tuple.Resource.ToWire(),
        Relation = tuple.Relation,
        Subject = tuple.Subject.ToWire(),
        OptionalCaveat = tuple.Caveat is { } caveat ? new ContextualizedCaveat { CaveatName = caveat.Name, Context = Contexts.ToWire(caveat.ContextJson) } : null,
        OptionalExpiresAt = Times.ToWire(tuple.Window.ExpiresAt),
    };

    public static ZedToken ToWire(string token) => new() { Token = token };

    public static Cursor ToCursor(string cursor) => new() { Token = cursor };

    public static string? ToModel(this Cursor? wire) => wire is null ? null : wire.Token;

    public static TupleUpdate ToModel(this RelationshipUpdate wire) => new(wire.Operation switch
    {
        WireOperation.Create => UpdateKind.Create,
        WireOperation.Touch => UpdateKind.Touch,
        WireOperation.Delete => UpdateKind.Delete,
        _ => throw Rejection.Invalid("INVALID_OPERATION", "an update's `operation` is OPERATION_CREATE, OPERATION_TOUCH or OPERATION_DELETE"),
    }, wire.Relationship.ToModel());

    public static ImmutableArray<Graph.Precondition> ToModel(this IEnumerable<Protocol.Authzed.Precondition> wire) => [.. wire.Select(ToModel)];

    public static TupleFilter ToModel(this RelationshipFilter? wire, string field = "relationship_filter")
    {
        if (wire is null) throw Missing(field);
        if (wire.ResourceType.Length > 0 && !Names.IsType(wire.ResourceType)) throw InvalidFilter(wire.ResourceType, "a definition");
        if (wire.OptionalRelation.Length > 0 && !Names.IsRelation(wire.OptionalRelation)) throw InvalidFilter(wire.OptionalRelation, "a relation");
        return new TupleFilter
        {
            ResourceType = wire.ResourceType.OrNull(),
            ResourceId = wire.OptionalResourceId.OrNull(),
            ResourceIdPrefix = wire.OptionalResourceIdPrefix.OrNull(),
            Relation = wire.OptionalRelation.OrNull(),
            Subject = wire.OptionalSubjectFilter?.ToModel(),
        };
    }

    /// <summary>A snapshot for a decision, as asked for.</summary>
    /// <inheritdoc cref="Snapshot(AuthorizationGraph, Protocol.Authzed.Consistency?)"/>
    public static Snapshot SnapshotForDecision(this Access access, Protocol.Authzed.Consistency? wire)
    {
        if (access.Principal is not null && wire?.RequirementCase == Requirement.AtExactSnapshot) access.Require(Rights.Simulate);
        Snapshot snapshot = access.Graph.Snapshot(wire);
        Spans.Note(snapshot.Revision);
        return snapshot;
    }

    /// <summary>A snapshot as asked for. A token of another store asks for the newest; where it has to be exact it is refused.</summary>
    public static Snapshot Snapshot(this AuthorizationGraph graph, Protocol.Authzed.Consistency? wire)
    {
        switch (wire?.RequirementCase ?? Requirement.None)
        {
            case Requirement.AtExactSnapshot when wire is not null: return graph.Snapshot(new Graph.Consistency.AtExactSnapshot(wire.AtExactSnapshot.Token));
            case Requirement.AtLeastAsFresh when wire is not null: return AtLeastAsFresh(graph, wire.AtLeastAsFresh.Token);
            case Requirement.FullyConsistent: return graph.Snapshot(Graph.Consistency.Full);
            default: return graph.Snapshot(Graph.Consistency.Default);
        }
    }

    public static RejectionException Missing(string field) => Rejection.Invalid("MISSING_FIELD", $"`{field}` is missing");

    private static Snapshot AtLeastAsFresh(AuthorizationGraph graph, string token)
    {
        try
        {
            return graph.Snapshot(new Graph.Consistency.AtLeastAsFresh(token));
        }
        catch (RejectionException rejection) when (rejection.Reason is "TOKEN_OF_ANOTHER_STORE" or "TOKEN_OF_ANOTHER_TIMELINE")
        {
            return graph.Snapshot(Graph.Consistency.Full);
        }
    }

    private static Graph.Precondition ToModel(Protocol.Authzed.Precondition wire) => new(wire.Operation switch
    {
        WirePrecondition.MustMatch => PreconditionKind.MustMatch,
        WirePrecondition.MustNotMatch => PreconditionKind.MustNotMatch,
        _ => throw Rejection.Invalid("INVALID_PRECONDITION", "a precondition's `operation` is OPERATION_MUST_MATCH or OPERATION_MUST_NOT_MATCH"),
    }, wire.Filter.ToModel("filter"));

    private static Graph.SubjectFilter ToModel(this Protocol.Authzed.SubjectFilter wire)
    {
        if (!Names.IsType(wire.SubjectType)) throw InvalidFilter(wire.SubjectType, "a definition, as `subject_type` is");
        if (wire.OptionalRelation is { Relation.Length: > 0 } given && !Names.IsRelation(given.Relation)) throw InvalidFilter(given.Relation, "a subject's relation");
        return new Graph.SubjectFilter(wire.SubjectType, wire.OptionalSubjectId.OrNull(), wire.OptionalRelation?.Relation);
    }

    private static RejectionException InvalidFilter(string name, string what) => Rejection.Invalid("INVALID_FILTER", $"`{name}` can't be the name of {what}");

    private static RejectionException Wildcard(string field) => Rejection.Invalid("WILDCARD_NOT_ALLOWED", $"`{field}` can't be the wildcard");
}
