using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuthzGraph.Graph.Lookups;

/// <summary>One text for all texts of a JSON object that say the same in another order.</summary>
internal static class CanonicalJson
{
    /// <summary>The text with the names of every object sorted; as it is when it is no JSON.</summary>
    public static string? Of(string? json)
    {
        if (json is null) return null;
        try
        {
            return Sorted(JsonNode.Parse(json))?.ToJsonString();
        }
        catch (Exception problem) when (problem is JsonException or ArgumentException)
        {
            return json;
        }
    }

    private static JsonNode? Sorted(JsonNode? value) => value switch
    {
        JsonObject named => new JsonObject(named.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => value?.DeepClone(),
    };
}
