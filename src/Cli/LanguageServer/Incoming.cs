using System.Text.Json;

namespace AuthzGraph.Cli.LanguageServer;

/// <summary>A message from the editor: a closed set.</summary>
internal abstract record Incoming
{
    private Incoming() { }

    /// <summary>Wants an answer with the same id, a number or a string.</summary>
    internal sealed record Request(JsonElement Id, string Method, JsonElement Params) : Incoming;

    internal sealed record Notification(string Method, JsonElement Params) : Incoming;

    /// <summary>Nothing that could be understood; answered without an id.</summary>
    internal sealed record Malformed(RpcError Code, string Why) : Incoming;

    /// <summary>An answer to a question of ours; there are none.</summary>
    internal sealed record Answer : Incoming;

    /// <summary>Reads a message of JSON-RPC 2.0. Never throws.</summary>
    public static Incoming Of(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return Of(document.RootElement.Clone());
        }
        catch (JsonException problem)
        {
            return new Malformed(RpcError.ParseError, problem.Message);
        }
    }

    private static Incoming Of(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return new Malformed(RpcError.InvalidRequest, "a message is an object");
        JsonElement parameters = root.TryGetProperty("params", out JsonElement given) ? given : default;
        bool hasId = root.TryGetProperty("id", out JsonElement id);
        if (hasId && id.ValueKind is not (JsonValueKind.Number or JsonValueKind.String or JsonValueKind.Null))
            return new Malformed(RpcError.InvalidRequest, "an id is a number or a string");
        if (TextOf(root, "method") is { } method)
            return hasId ? new Request(id, method, parameters) : new Notification(method, parameters);
        bool isAnswer = hasId && (root.TryGetProperty("result", out _) || root.TryGetProperty("error", out _));
        return isAnswer ? new Answer() : new Malformed(RpcError.InvalidRequest, "a message has a method, which is a string");
    }

    /// <summary>Null where there is no text, or a broken one: half of a surrogate pair.</summary>
    private static string? TextOf(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out JsonElement value) || value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>The codes of JSON-RPC 2.0 and of the Language Server Protocol 3.17.</summary>
internal enum RpcError
{
    ParseError = -32700,
    InvalidRequest = -32600,
    MethodNotFound = -32601,
    InvalidParams = -32602,
    InternalError = -32603,
    ServerNotInitialized = -32002,
    RequestFailed = -32803,
    RequestCancelled = -32800,
}

/// <summary>A request that gets an error for an answer.</summary>
internal sealed class RpcException(RpcError code, string message) : Exception(message)
{
    public RpcError Code { get; } = code;
}
