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

    /// <summary>This, about one subject that a search came upon.</summary>
    public AuthZenRequest AboutSubject(string type, string id) => this with { Subject = new Entity(type, id, Subject?.Properties) };

    /// <summary>This, about one resource that a search came upon.</summary>
    public AuthZenRequest AboutResource(string type, string id) => this with { Resource = new Entity(type, id, Resource?.Properties) };

    /// <summary>Whether something may be stored of its entities.</summary>
    public bool HasStored(in Snapshot snapshot) =>
        StoredProperties.AreKept(snapshot, TypeOf(Resource, "resource")) || StoredProperties.AreKept(snapshot, TypeOf(Subject, "subject"));

    /// <summary>The one question it asks.</summary>
    /// <param name="stored">The snapshot whose stored properties fill what it leaves open; null: none do.</param>
    public CheckQuestion ToQuestion(Snapshot? stored)
    {
        (string action, ObjectRef resource, ObjectRef subject) = (ActionName, ToObject(Resource, "resource"), ToObject(Subject, "subject"));
        Struct all = AllContext();
        if (stored is { } snapshot) StoredProperties.AddTo(all, snapshot, resource, subject);
        (Acting acting, string? context) = ActingContext.Split(all);
        return new CheckQuestion(resource, action, new SubjectRef(subject), acting, context);
    }

    /// <summary>The answer to it, with what is stored of its entities; without, where a caveat can't take that, since it must not take an answer away.</summary>
    /// <exception cref="AuthZenException">It is no question.</exception>
    /// <exception cref="RejectionException">It can't be decided.</exception>
    public Answer Ask(in Snapshot snapshot) => Ask(ToQuestion(snapshot), snapshot);

    /// <inheritdoc cref="Ask(in Snapshot)"/>
    /// <param name="question">Itself, with what is stored.</param>
    public Answer Ask(in CheckQuestion question, in Snapshot snapshot)
    {
        try
        {
            return snapshot.Check(question);
        }
        catch (RejectionException rejection) when (Evaluations.IsUndecidable(rejection) && HasStored(snapshot))
        {
            return snapshot.Check(ToQuestion(stored: null));
        }
    }

    public string ActionName => Action?.Id is { Length: > 0 } name ? name : throw Missing("action.name");

    public static ObjectRef ToObject(Entity? entity, string field)
    {
        if (entity is null) throw Missing(field);
        return new ObjectRef(TypeOf(entity, field), entity.Id is { Length: > 0 } id ? id : throw Missing($"{field}.id"));
    }

    public static string TypeOf(Entity? entity, string field) => entity is null ? throw Missing(field) : entity.Type is { Length: > 0 } type ? type : throw Missing($"{field}.type");

    /// <summary>What caveats see of the request itself: its context, and the properties of its entities.</summary>
    public Struct AllContext()
    {
        Struct all = Context?.Clone() ?? new Struct();
        PropertyNames.Add(all,
        [
            (PropertyNames.OfResource, Resource?.Properties), (PropertyNames.OfSubject, Subject?.Properties), (PropertyNames.OfAction, Action?.Properties),
        ]);
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
