using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Server.Wire;

/// <summary>Objects, subjects and relationships of the wire, checked as their text would be.</summary>
internal static class References
{
    /// <exception cref="RejectionException">It is missing, or no object.</exception>
    public static ObjectRef ToModel(this ObjectReference? wire, string field)
    {
        if (wire is null) throw Missing(field);
        return Names.IsType(wire.Type) && Names.IsObjectId(wire.Id) ? new ObjectRef(wire.Type, wire.Id) : throw NoObject(field, wire.Type, wire.Id);
    }

    public static ObjectRef ToResource(this ObjectReference? wire, string field = "resource") => wire.ToModel(field).ExpectNoWildcard(field);

    /// <exception cref="RejectionException">It is a wildcard.</exception>
    public static ObjectRef ExpectNoWildcard(this ObjectRef resource, string field) =>
        resource.IsWildcard ? throw Rejection.Invalid("INVALID_REFERENCE", $"`{field}` can't be the wildcard `{resource}`") : resource;

    public static SubjectRef ToModel(this SubjectReference? wire, string field = "subject")
    {
        if (wire is null) throw Missing(field);
        ObjectRef subject = wire.Object.ToModel($"{field}.object");
        if (wire.Relation.Length == 0) return new SubjectRef(subject);
        return !subject.IsWildcard && Names.IsRelation(wire.Relation) ? new SubjectRef(subject, wire.Relation) : throw NoSubject(field, subject, wire.Relation);
    }

    public static RelationTuple ToModel(this Relationship? wire)
    {
        if (wire is null) throw Missing("relationship");
        if (!Names.IsRelation(wire.Relation)) throw Rejection.InvalidText("relation", wire.Relation, "as in the schema: 3–64 of a–z 0–9 _");
        return new RelationTuple(wire.Resource.ToResource(), wire.Relation, wire.Subject.ToModel())
        {
            Window = Times.ToWindow(wire.NotBefore, wire.ExpiresAt),
            Caveat = wire.Caveat is { } caveat ? new CaveatRef(caveat.Name, Contexts.ToJson(caveat.Context)) : null,
        };
    }

    public static Model.Acting ToModel(this Protocol.V1.Acting? wire) => wire is null
        ? default
        : new Model.Acting(
            wire.Delegation?.ToResource("acting.delegation"),
            wire.OnBehalfOf?.ToResource("acting.on_behalf_of"),
            wire.Task?.ToResource("acting.task"));

    public static ObjectReference ToWire(this ObjectRef value) => new() { Type = value.Type, Id = value.Id };

    public static SubjectReference ToWire(this SubjectRef value) => new() { Object = value.Object.ToWire(), Relation = value.Relation ?? "" };

    public static Relationship ToWire(this RelationTuple value) => new()
    {
        Resource = value.Resource.ToWire(),
        Relation = value.Relation,
        Subject = value.Subject.ToWire(),
        NotBefore = Times.ToWire(value.Window.NotBefore),
        ExpiresAt = Times.ToWire(value.Window.ExpiresAt),
        Caveat = value.Caveat is { } caveat ? new Caveat { Name = caveat.Name, Context = Contexts.ToWire(caveat.ContextJson) } : null,
    };

    public static RejectionException NoObject(string field, string type, string id) => Rejection.InvalidText(field, $"{type}:{id}", "type:id");

    public static RejectionException NoSubject(string field, ObjectRef subject, string relation) =>
        Rejection.InvalidText(field, $"{subject}#{relation}", "type:id, type:id#relation or type:*");

    public static RejectionException Missing(string field) => Rejection.Invalid("MISSING_FIELD", $"`{field}` is missing");
}
