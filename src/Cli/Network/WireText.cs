using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Cli.Network;

/// <summary>Between the text people write and the messages of the wire.</summary>
internal static class WireText
{
    public static ObjectReference Object(string text, string what) => ToWire(ObjectRef.Parse(text, what));

    public static ObjectReference? Optional(string? text, string what) => text is null ? null : Object(text, what);

    public static SubjectReference Subject(string text) => ToWire(SubjectRef.Parse(text));

    public static Relationship Relationship(RelationTuple tuple) => new()
    {
        Resource = ToWire(tuple.Resource),
        Relation = tuple.Relation,
        Subject = ToWire(tuple.Subject),
        NotBefore = ToWire(tuple.Window.NotBefore),
        ExpiresAt = ToWire(tuple.Window.ExpiresAt),
        Caveat = tuple.Caveat is { } caveat ? new Caveat { Name = caveat.Name, Context = Context(caveat.ContextJson) } : null,
    };

    /// <summary>A caveat's context from JSON text.</summary>
    public static Struct? Context(string? json)
    {
        if (json is null) return null;
        try
        {
            return Struct.Parser.ParseJson(json);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw new CommandException($"`{json}` is no context: write a JSON object, {{\"amount\": 5}}");
        }
    }

    public static string Text(this ObjectReference reference) => $"{reference.Type}:{reference.Id}";

    public static string Text(this SubjectReference subject) =>
        subject.Relation.Length == 0 ? subject.Object.Text() : $"{subject.Object.Text()}#{subject.Relation}";

    public static string Text(this Relationship relationship) => Tuple(relationship).ToString();

    public static string Text(this Timestamp time) => FromWire(time).ToString();

    public static RelationTuple Tuple(Relationship relationship) =>
        new(Reference(relationship.Resource), relationship.Relation,
            new SubjectRef(Reference(relationship.Subject.Object), relationship.Subject.Relation is { Length: > 0 } relation ? relation : null))
        {
            Window = new Window(
                relationship.NotBefore is { } from ? FromWire(from) : Instant.Beginning,
                relationship.ExpiresAt is { } until ? FromWire(until) : Instant.Never),
            Caveat = relationship.Caveat is { } caveat
                ? new CaveatRef(caveat.Name, caveat.Context is null ? null : JsonFormatter.Default.Format(caveat.Context))
                : null,
        };

    private static ObjectRef Reference(ObjectReference reference) => new(reference.Type, reference.Id);

    private static ObjectReference ToWire(ObjectRef reference) => new() { Type = reference.Type, Id = reference.Id };

    private static SubjectReference ToWire(SubjectRef subject) => new() { Object = ToWire(subject.Object), Relation = subject.Relation ?? "" };

    private static Timestamp? ToWire(Instant instant) => instant.IsFinite ? Timestamp.FromDateTimeOffset(instant.ToDateTimeOffset()) : null;

    private static Instant FromWire(Timestamp time) => Instant.From(time.ToDateTimeOffset());
}
