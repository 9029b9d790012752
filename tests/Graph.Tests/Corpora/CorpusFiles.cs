using AuthzGraph.Model;
using YamlDotNet.RepresentationModel;

namespace AuthzGraph.Graph.Tests.Corpora;

/// <summary>Public test data that lies beside the repository: read in place, nothing of it is ours.</summary>
internal static class CorpusFiles
{
    public static string PathOf(string corpus) => Path.GetFullPath(Path.Combine(Repository(), "..", "shared", "corpora", corpus));

    public static IReadOnlyList<string> In(string corpus) =>
        [.. Directory.GetFiles(PathOf(corpus), "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>The schema and the relationships of a file in SpiceDB's form, each relationship once.</summary>
    public static (string Schema, IReadOnlyList<RelationTuple> Tuples) Read(string path)
    {
        YamlStream yaml = new();
        yaml.Load(new StringReader(File.ReadAllText(path)));
        string Text(string key) => yaml.Documents[0].RootNode is YamlMappingNode root && root.Children.TryGetValue(key, out YamlNode? node) ? $"{node}" : "";
        IEnumerable<string> lines = Text("relationships").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return (Text("schema"), [.. lines.Where(l => !l.StartsWith("//", StringComparison.Ordinal)).Select(l => RelationTuple.Parse(l)).Distinct()]);
    }

    private static string Repository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "AuthzGraph.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("no folder above the tests holds AuthzGraph.sln");
    }
}

/// <summary>A fact about public test data: skipped, and said so, on a machine that does not have it.</summary>
internal sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute(string corpus)
    {
        if (!Directory.Exists(CorpusFiles.PathOf(corpus))) Skip = $"skipped: the test data {corpus} is not on this machine";
    }
}
