using AuthzGraph.Client;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using Google.Protobuf.WellKnownTypes;

namespace AuthzGraph.Server.Tests;

/// <summary>Text in, messages out, and back, written here once more so that the server's own translation is tested by another.</summary>
internal static class Words
{
    public static ObjectReference Object(string text)
    {
        string[] parts = text.Split(':', 2);
        return new ObjectReference { Type = parts[0], Id = parts[1] };
    }

    public static SubjectReference Subject(string text)
    {
        string[] parts = text.Split('#', 2);
        return new SubjectReference { Object = Object(parts[0]), Relation = parts.Length > 1 ? parts[1] : "" };
    }

    public static Relationship Relationship(string text)
    {
        RelationTuple tuple = RelationTuple.Parse(text);
        return new Relationship
        {
            Resource = Object(tuple.Resource.ToString()),
            Relation = tuple.Relation,
            Subject = Subject(tuple.Subject.ToString()),
            NotBefore = Time(tuple.Window.NotBefore),
            ExpiresAt = Time(tuple.Window.ExpiresAt),
            Caveat = tuple.Caveat is { } caveat ? new() { Name = caveat.Name, Context = Struct.Parser.ParseJson(caveat.ContextJson ?? "{}") } : null,
        };
    }

    public static string Text(Relationship wire) =>
        $"{Text(wire.Resource)}#{wire.Relation}@{Text(wire.Subject)}{Trait("from", wire.NotBefore)}{Trait("expiration", wire.ExpiresAt)}";

    public static string Text(ObjectReference? wire) => wire is null ? "" : $"{wire.Type}:{wire.Id}";

    public static string Text(SubjectReference wire) => wire.Relation.Length == 0 ? Text(wire.Object) : $"{Text(wire.Object)}#{wire.Relation}";

    public static WriteRelationshipsRequest Touch(params string[] tuples) => Write(RelationshipUpdate.Types.Operation.Touch, tuples);

    public static WriteRelationshipsRequest Create(params string[] tuples) => Write(RelationshipUpdate.Types.Operation.Create, tuples);

    public static WriteRelationshipsRequest Delete(params string[] tuples) => Write(RelationshipUpdate.Types.Operation.Delete, tuples);

    /// <summary><c>document:readme#view@user:ann</c></summary>
    public static CheckRequest Check(string text)
    {
        string[] parts = text.Split('@', 2);
        string[] what = parts[0].Split('#', 2);
        return new CheckRequest { Resource = Object(what[0]), Permission = what[1], Subject = Subject(parts[1]) };
    }

    public static CheckBatchItem Item(string text)
    {
        CheckRequest check = Check(text);
        return new CheckBatchItem { Resource = check.Resource, Permission = check.Permission, Subject = check.Subject };
    }

    public static Task<AuthzGraphException> Fails(Task call) => Assert.ThrowsAsync<AuthzGraphException>(() => call);

    /// <summary>How the call is refused; null: it isn't.</summary>
    public static async Task<AuthzGraphException?> Refusal(Task call)
    {
        try
        {
            await call;
            return null;
        }
        catch (AuthzGraphException refusal)
        {
            return refusal;
        }
    }

    /// <summary>Reads a stream until it is cancelled.</summary>
    public static async Task Cancelled<T>(IAsyncEnumerable<T> stream) =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.ToListAsync());

    public static async Task Fails(RpcCode code, string reason, Task call)
    {
        AuthzGraphException failure = await Fails(call);
        Assert.Equal((code, reason), (failure.Code, failure.Reason));
        Assert.NotEmpty(failure.Message);
    }

    public static async Task<List<string>> ReadAll(this AuthzGraphClient client, ReadRelationshipsRequest request)
    {
        var texts = new List<string>();
        await foreach (ReadRelationshipsResponse page in client.ReadRelationshipsAsync(request))
            texts.AddRange(page.Relationships.Select(Text));
        return texts;
    }

    private static WriteRelationshipsRequest Write(RelationshipUpdate.Types.Operation operation, string[] tuples)
    {
        var request = new WriteRelationshipsRequest();
        foreach (string tuple in tuples)
            request.Updates.Add(new RelationshipUpdate { Operation = operation, Relationship = Relationship(tuple) });
        return request;
    }

    private static Timestamp? Time(Instant instant) => instant.IsFinite ? instant.ToDateTimeOffset().ToTimestamp() : null;

    private static string Trait(string name, Timestamp? time) => time is null ? "" : $"[{name}:{Instant.From(time.ToDateTimeOffset())}]";
}
