using System.Text.Json.Nodes;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.Rpc;
using Google.Protobuf;

namespace AuthzGraph.Server.Tests;

/// <summary>SpiceDB's messages as text and back, and its methods called byte by byte.</summary>
internal static class SpiceDbWords
{
    public static readonly Consistency Full = new() { FullyConsistent = true };

    public static ObjectReference Object(string type, string id) => new() { ObjectType = type, ObjectId = id };

    public static SubjectReference Subject(string type, string id) => new() { Object = Object(type, id) };

    /// <summary>The tuple text of a relationship; none if there is none.</summary>
    public static string Text(Relationship? one)
    {
        if (one is null) return "";
        string subject = $"{one.Subject.Object.ObjectType}:{one.Subject.Object.ObjectId}{(one.Subject.OptionalRelation.Length > 0 ? "#" + one.Subject.OptionalRelation : "")}";
        string caveat = one.OptionalCaveat is { } with ? $"[{with.CaveatName}{(with.Context?.Fields.Count > 0 ? ":" + JsonNode.Parse(with.Context.ToString())?.ToJsonString() : "")}]" : "";
        string end = one.OptionalExpiresAt is { } at ? $"[expiration:{at.ToString().Trim('"')}]" : "";
        return $"{one.Resource.ObjectType}:{one.Resource.ObjectId}#{one.Relation}@{subject}{caveat}{end}";
    }

    /// <summary>Calls a method with one message or more, and returns the messages that came back; anything but OK fails.</summary>
    public static async Task<T[]> CallAsync<T>(TestServer server, string method, params IMessage[] requests) where T : IMessage<T>, new()
    {
        RawGrpc.Answer answer = await RawGrpc.PostAsync(server, [.. requests.SelectMany(RawGrpc.Frame)], "/authzed.api.v1." + method);
        Assert.True(answer.Code == RpcCode.Ok, $"{method}: {answer.Code} {answer.Message}");
        return [.. Messages<T>(answer.Body)];
    }

    /// <summary>The messages in a body that is not compressed.</summary>
    public static IEnumerable<T> Messages<T>(byte[] body) where T : IMessage<T>, new()
    {
        foreach (byte[] payload in RawGrpc.Payloads(body))
        {
            T message = new();
            message.MergeFrom(payload);
            yield return message;
        }
    }
}
