using System.Text.Json;

namespace AuthzGraph.Perf.Schema;

/// <summary>The schemas in the corpora that lie beside the repository, read in place: strings in JSON, and blocks in YAML.</summary>
public static class CorpusSchemas
{
    private const string Name = "schema";

    /// <summary>The longest of them; null when there are no corpora.</summary>
    public static string? Longest() => Folder() is { } folder
        ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).SelectMany(Schemas).MaxBy(text => text.Length)
        : null;

    private static string? Folder()
    {
        for (DirectoryInfo? place = new(AppContext.BaseDirectory); place is not null; place = place.Parent)
        {
            string beside = Path.Combine(place.FullName, "..", "shared", "corpora");
            if (File.Exists(Path.Combine(place.FullName, "AuthzGraph.sln"))) return Directory.Exists(beside) ? beside : null;
        }
        return null;
    }

    private static IEnumerable<string> Schemas(string file) => Path.GetExtension(file) switch
    {
        ".json" => OfJson(JsonDocument.Parse(File.ReadAllText(file)).RootElement),
        ".yaml" => OfYaml(File.ReadAllLines(file)),
        _ => [],
    };

    private static IEnumerable<string> OfJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(property =>
            property is { Name: Name, Value.ValueKind: JsonValueKind.String } ? [property.Value.GetString() ?? ""] : OfJson(property.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(OfJson),
        _ => [],
    };

    /// <summary>The lines that are indented below <c>schema: |</c>.</summary>
    private static IEnumerable<string> OfYaml(string[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
            if (lines[i].StartsWith($"{Name}: |", StringComparison.Ordinal))
                yield return string.Join('\n', lines.Skip(i + 1).TakeWhile(line => line.Length == 0 || line[0] == ' '));
    }
}
