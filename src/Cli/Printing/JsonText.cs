using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf;

namespace AuthzGraph.Cli.Printing;

/// <summary>JSON for programs: messages of the wire as the server's HTTP port writes them, our own records in the same camel case.</summary>
internal static class JsonText
{
    private static readonly JsonFormatter Messages = new(JsonFormatter.Settings.Default.WithIndentation("  "));
    private static readonly JsonFormatter OneLine = new(JsonFormatter.Settings.Default);

    private static readonly JsonSerializerOptions Records = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Of(IMessage message) => Messages.Format(message);

    public static string OfLine(IMessage message) => OneLine.Format(message);

    public static string Of(object record) => JsonSerializer.Serialize(record, Records);
}
