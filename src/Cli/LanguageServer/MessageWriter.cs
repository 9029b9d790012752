using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AuthzGraph.Cli.LanguageServer;

/// <summary>Writes answers and notifications of JSON-RPC 2.0, each with its headers and flushed.</summary>
internal sealed class MessageWriter(Stream stream)
{
    /// <summary>How what the protocol's records hold is written and read.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly ArrayBufferWriter<byte> _body = new();

    public void Answer(JsonElement id, object? result) => Write(json =>
    {
        Id(json, id);
        Value(json, "result", result);
    });

    /// <param name="id">Of the request; undefined when it could not be read.</param>
    public void Refuse(JsonElement id, RpcError code, string message) => Write(json =>
    {
        Id(json, id);
        Value(json, "error", new { Code = (int)code, Message = message });
    });

    public void Notify(string method, object parameters) => Write(json =>
    {
        json.WriteString("method", method);
        Value(json, "params", parameters);
    });

    private static void Id(Utf8JsonWriter json, JsonElement id)
    {
        json.WritePropertyName("id");
        if (id.ValueKind == JsonValueKind.Undefined) json.WriteNullValue();
        else id.WriteTo(json);
    }

    private static void Value(Utf8JsonWriter json, string name, object? value)
    {
        json.WritePropertyName(name);
        if (value is null) json.WriteNullValue();
        else JsonSerializer.Serialize(json, value, value.GetType(), Json);
    }

    private void Write(Action<Utf8JsonWriter> content)
    {
        _body.ResetWrittenCount();
        using (Utf8JsonWriter json = new(_body, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc", "2.0");
            content(json);
            json.WriteEndObject();
        }
        stream.Write(Encoding.ASCII.GetBytes($"Content-Length: {_body.WrittenCount}\r\n\r\n"));
        stream.Write(_body.WrittenSpan);
        stream.Flush();
    }
}
