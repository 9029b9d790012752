using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AuthzGraph.Server.Yaml;

/// <summary>Collects what is wrong with a YAML file, each mistake with its line.</summary>
internal sealed class YamlProblems(string file, List<string> found)
{
    public IReadOnlyList<string> Found => found;

    public void Say(Mark place, string problem) => found.Add($"{PlaceOf(place)}: {problem}");

    /// <summary><c>authzgraph.yaml:3</c></summary>
    public string PlaceOf(Mark mark) => string.Create(CultureInfo.InvariantCulture, $"{file}:{mark.Line}");
}

/// <summary>A YAML file as its parser has it.</summary>
internal static class YamlFile
{
    /// <summary>The documents in it; none when it is no YAML, which is said.</summary>
    /// <param name="mostBytes">What is longer is not read.</param>
    /// <param name="what">What it should be: "configuration".</param>
    /// <param name="holdsSecrets">Then what stands where it is no YAML is not repeated.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<YamlNode> Read(string path, int mostBytes, string what, bool holdsSecrets, YamlProblems problems)
    {
        if (new FileInfo(path) is { Exists: true, Length: var length } && length > mostBytes) throw new IOException($"{path} is longer than {mostBytes} bytes: that is no {what}");
        YamlStream stream = [];
        try
        {
            stream.Load(new StringReader(File.ReadAllText(path)));
            return [.. stream.Documents.Select(document => document.RootNode)];
        }
        catch (YamlException problem)
        {
            problems.Say(problem.Start, "this is not YAML" + (holdsSecrets ? "" : $": {(problem.InnerException ?? problem).Message}"));
            return [];
        }
    }

    /// <summary>Whether nothing is written there.</summary>
    public static bool IsEmpty(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };
}
