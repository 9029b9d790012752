using AuthzGraph.Model;
using YamlDotNet.RepresentationModel;

namespace AuthzGraph.Graph.Tests.Corpora;

/// <summary>Public test data that lies beside the repository: read in place, nothing of it is ours.</summary>
internal static class CorpusFiles
{
    public static IReadOnlyList<string> In(string corpus) =>
        [.. Directory.GetFiles(Repository.Corpus(corpus), "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

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
