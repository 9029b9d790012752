using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AuthzGraph.Validation;

/// <summary>Reads a question's context, JSON text or a YAML mapping, as JSON. Null: an error was noted.</summary>
internal static class ContextReader
{
    private const string Form = "a context is a JSON object, as in {\"day\": \"friday\"}";
    private const int DepthLimit = 32;
    private static readonly Regex Number = new(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$", RegexOptions.NonBacktracking);

    public static string? Read(YamlReader yaml, YamlNode node)
    {
        if (node is YamlScalarNode { Value: { } text }) return Json(yaml, node, text);
        if (node is YamlMappingNode map) return Value(yaml, map, 0)?.ToJsonString();
        yaml.Error(node, "`context` is neither a mapping nor JSON", Form);
        return null;
    }

    public static string? Json(YamlReader yaml, YamlNode node, string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Object) return text.Trim();
        }
        catch (JsonException)
        {
            // the same mistake to its author as JSON that is no object
        }
        yaml.Error(node, $"`{text.Trim()}` is not a context", Form);
        return null;
    }

    // A mapping may hold itself, by an anchor.
    private static JsonNode? Value(YamlReader yaml, YamlNode node, int depth)
    {
        if (depth > DepthLimit)
        {
            yaml.Error(node, $"a context has at most {DepthLimit} levels");
            return null;
        }
        return node switch
        {
            YamlMappingNode map => Object(yaml, map, depth),
            YamlSequenceNode list => new JsonArray([.. list.Select(item => Value(yaml, item, depth + 1))]),
            YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value ?? ""),
            YamlScalarNode quoted => JsonValue.Create(quoted.Value),
            _ => null,
        };
    }

    private static JsonObject Object(YamlReader yaml, YamlMappingNode map, int depth)
    {
        JsonObject read = [];
        foreach (YamlEntry entry in yaml.Entries(map, "a context")) read[entry.Key] = Value(yaml, entry.Value, depth + 1);
        return read;
    }

    private static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ => Number.IsMatch(text) ? JsonNode.Parse(text) : JsonValue.Create(text),
    };
}
