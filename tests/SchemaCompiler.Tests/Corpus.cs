using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>The schemas in the corpora that lie beside the repository: read in place, nothing of them is ours.</summary>
internal static class Corpus
{
    public static string Folder { get; } = Repository.Corpus("");

    /// <summary>Every schema in a JSON, YAML or .zed file, with the file it is in, from the folder of the corpora.</summary>
    public static IEnumerable<(string File, string Text)> Schemas()
    {
        foreach (string file in Files().Order(StringComparer.Ordinal))
        {
            IEnumerable<string> schemas = Path.GetExtension(file) switch
            {
                ".zed" => [File.ReadAllText(file)],
                ".json" => Schemas(JsonDocument.Parse(File.ReadAllText(file)).RootElement),
                ".yaml" => Schemas(file),
                _ => [],
            };
            foreach (string schema in schemas) yield return (Path.GetRelativePath(Folder, file).Replace('\\', '/'), schema);
        }
    }

    /// <summary>Compiles a schema as what it is: a file with its folder around it, or a text in another file.</summary>
    public static Compilation Compile(string file, string text)
    {
        bool isFile = file.EndsWith(".zed", StringComparison.Ordinal);
        return isFile ? Compilation.Of(new SchemaFile(Path.GetFileName(file), text), new DiskFolder(Path.Combine(Folder, file, ".."))) : Compilation.Of(text);
    }

    public static JsonElement Json(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file))).RootElement;

    private static IEnumerable<string> Files() =>
        !Directory.Exists(Folder) ? [] : Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories);

    private static IEnumerable<string> Schemas(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(p => IsSchema(p.Name) && p.Value.ValueKind == JsonValueKind.String
            ? [p.Value.GetString() ?? ""]
            : Schemas(p.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Schemas),
        _ => [],
    };

    private static IEnumerable<string> Schemas(string file)
    {
        YamlStream yaml = new();
        try
        {
            yaml.Load(new StringReader(File.ReadAllText(file)));
        }
        catch (YamlException)
        {
            return [];      // some files of the corpora are broken on purpose
        }
        return yaml.Documents.SelectMany(d => d.AllNodes).OfType<YamlMappingNode>().SelectMany(m => m.Children)
            .Where(c => c.Key is YamlScalarNode { Value: { } key } && IsSchema(key)).Select(c => c.Value)
            .OfType<YamlScalarNode>().Select(v => v.Value ?? "");
    }

    private static bool IsSchema(string name) => name is "schema" or "schemaText";
}

/// <summary>A folder as it is on disk.</summary>
internal sealed class DiskFolder(string folder) : ISchemaFolder
{
    public SchemaRead Read(string path) => Path.Combine(Path.GetFullPath(folder), path) is var file && File.Exists(file)
        ? new SchemaRead.Found(File.ReadAllText(file))
        : new SchemaRead.Missing();
}
