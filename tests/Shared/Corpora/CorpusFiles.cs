using System.Text.Json;
using AuthzGraph.Model;
using YamlDotNet.RepresentationModel;

namespace AuthzGraph.Tests;

/// <summary>Public test data that lies beside the repository: read in place, nothing of it is ours.</summary>
internal static class CorpusFiles
{
    public static IReadOnlyList<string> In(string corpus) =>
        [.. Directory.GetFiles(Repository.Corpus(corpus), "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>What files in JSON hold: of each schema with relationships, their element and what it is called.</summary>
    public static IEnumerable<CorpusCase> Cases(string corpus)
    {
        foreach (string path in Directory.GetFiles(Repository.Corpus(corpus), "*.json").Order(StringComparer.Ordinal))
        {
            string file = Path.GetFileName(path);
            JsonElement root = JsonDocument.Parse(File.ReadAllText(path)).RootElement;
            if (root.ValueKind == JsonValueKind.Array)
                foreach (JsonElement one in root.EnumerateArray()) yield return new CorpusCase(Named(file, one), Text(one, "schema"), one);
            else if (root.TryGetProperty("tests", out JsonElement parts) || root.TryGetProperty("cases", out parts))
                foreach (JsonElement part in parts.EnumerateArray()) yield return new CorpusCase(Named(file, part), Text(root, "schema"), part);
            else if (root.TryGetProperty("schema", out _)) yield return new CorpusCase(file, Text(root, "schema"), root);
        }
    }

    private static string Named(string file, JsonElement part) => $"{file} {Text(part, "name")}";

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    /// <summary>The schema and the relationships of a file in SpiceDB's form, each relationship once.</summary>
    public static (string Schema, IReadOnlyList<RelationTuple> Tuples) Read(string path)
    {
        YamlStream yaml = new();
        yaml.Load(new StringReader(File.ReadAllText(path)));
        string Text(string key) => yaml.Documents[0].RootNode is YamlMappingNode root && root.Children.TryGetValue(key, out YamlNode? node) ? $"{node}" : "";
        IEnumerable<string> lines = Text("relationships").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return (Text("schema"), [.. lines.Where(l => !l.StartsWith("//", StringComparison.Ordinal)).Select(l => RelationTuple.Parse(l)).Distinct()]);
    }
}

/// <summary>A schema, and the element with the relationships under it and what is expected of them.</summary>
internal sealed record CorpusCase(string Name, string Schema, JsonElement Json)
{
    public IReadOnlyList<RelationTuple> Tuples => [.. Items("relationships").Select(line => RelationTuple.Parse(line.GetString() ?? "")).Distinct()];

    /// <summary>The items of a list that is there or not.</summary>
    public IEnumerable<JsonElement> Items(string list) => Json.TryGetProperty(list, out JsonElement items) ? items.EnumerateArray() : [];
}
