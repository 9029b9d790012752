using System.Text.Json;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Server.Wire;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Server.AuthZen;

/// <summary>One entity of a request: a subject, a resource or an action, which has no type.</summary>
/// <param name="Id">Of an action its name; null where it is left out or what is searched for.</param>
internal sealed record Entity(string Type, string? Id, Struct? Properties);

/// <summary>
/// A request of AuthZEN 1.0 as JSON, or the part of it that one evaluation overrides. Members that are not known are passed over; those that are
/// have to have the right type.
/// </summary>
internal sealed record AuthZenRequest(Entity? Subject, Entity? Action, Entity? Resource, Struct? Context)
{
    /// <exception cref="AuthZenException">It is not as AuthZEN has it.</exception>
    public static AuthZenRequest Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new AuthZenException("a request is a JSON object");
        return new AuthZenRequest(Typed(json, "subject"), ActionOf(json), Typed(json, "resource"), Object(json, "context"));
    }

    /// <summary>This, with what an evaluation of its own says in place of it, member by member.</summary>
    public AuthZenRequest Overridden(AuthZenRequest own) => new(own.Subject ?? Subject, own.Action ?? Action, own.Resource ?? Resource, own.Context ?? Context);

    /// <summary>The one question it asks.</summary>
    public CheckQuestion ToQuestion()
    {
        (Acting acting, string? context) = ActingContext.Split(AllContext());
        return new CheckQuestion(ToObject(Resource, "resource"), ActionName, new SubjectRef(ToObject(Subject, "subject")), acting, context);
    }

    public string ActionName => Action?.Id is { Length: > 0 } name ? name : throw Missing("action.name");

    public static ObjectRef ToObject(Entity? entity, string field)
    {
        if (entity is null) throw Missing(field);
        return new ObjectRef(TypeOf(entity, field), entity.Id is { Length: > 0 } id ? id : throw Missing($"{field}.id"));
    }

    public static string TypeOf(Entity? entity, string field) => entity is null ? throw Missing(field) : entity.Type is { Length: > 0 } type ? type : throw Missing($"{field}.type");

    /// <summary>
    /// What caveats see: the context, and the properties of the entities as <c>subject_x</c>, <c>resource_x</c>, <c>action_x</c> and, where
    /// nothing else is called so, <c>x</c>.
    /// </summary>
    public Struct AllContext()
    {
        Struct all = Context?.Clone() ?? new Struct();
        (string Prefix, Struct? Properties)[] entities = [("resource_", Resource?.Properties), ("subject_", Subject?.Properties), ("action_", Action?.Properties)];
        foreach ((string prefix, Struct? properties) in entities)
            foreach ((string name, Value value) in properties?.Fields ?? []) all.Fields.TryAdd(prefix + name, value);
        foreach ((string _, Struct? properties) in entities)
            foreach ((string name, Value value) in properties?.Fields ?? [])
                if (name != ActingContext.Field) all.Fields.TryAdd(name, value);
        return all;
    }

    private static Entity? Typed(JsonElement json, string name) =>
        Member(json, name) is { } entity ? new Entity(Text(entity, name, "type") ?? "", Text(entity, name, "id"), Object(entity, "properties")) : null;

    private static Entity? ActionOf(JsonElement json) =>
        Member(json, "action") is { } entity ? new Entity("", Text(entity, "action", "name"), Object(entity, "properties")) : null;

    private static JsonElement? Member(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out JsonElement member) || member.ValueKind == JsonValueKind.Null) return null;
        return member.ValueKind == JsonValueKind.Object ? member : throw new AuthZenException($"`{name}` is a JSON object");
    }

    private static string? Text(JsonElement json, string entity, string name)
    {
        if (!json.TryGetProperty(name, out JsonElement member) || member.ValueKind == JsonValueKind.Null) return null;
        return member.ValueKind == JsonValueKind.String ? member.GetString() : throw new AuthZenException($"`{entity}.{name}` is a JSON string");
    }

    private static Struct? Object(JsonElement json, string name)
    {
        if (Member(json, name) is not { } member) return null;
        try
        {
            return Struct.Parser.ParseJson(member.GetRawText());
        }
        catch (InvalidProtocolBufferException problem)
        {
            throw new AuthZenException($"`{name}` can't be read: {problem.Message}");
        }
    }

    private static AuthZenException Missing(string field) => new($"`{field}` is missing");
}

/// <summary>The request is not one: the caller gets status 400 and the message.</summary>
internal sealed class AuthZenException(string message) : Exception(message);
