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
    /// <summary>What is in it; null when it is empty or no YAML, which is said. A second document, which nobody would look into, is said too.</summary>
    /// <param name="mostBytes">What is longer is not read.</param>
    /// <param name="what">What it should be: "configuration".</param>
    /// <param name="holdsSecrets">Then what stands where it is no YAML is not repeated.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static YamlNode? Read(string path, int mostBytes, string what, bool holdsSecrets, YamlProblems problems)
    {
        if (new FileInfo(path) is { Exists: true, Length: var length } && length > mostBytes) throw new IOException($"{path} is longer than {mostBytes} bytes: that is no {what}");
        YamlStream stream = [];
        try
        {
            stream.Load(new StringReader(File.ReadAllText(path)));
            if (stream.Documents.Count > 1) problems.Say(stream.Documents[1].RootNode.Start, $"there is a second document; the whole {what} belongs in the first");
            return stream.Documents.Count > 0 ? stream.Documents[0].RootNode : null;
        }
        catch (YamlException problem)
        {
            problems.Say(problem.Start, "this is not YAML" + (holdsSecrets ? "" : $": {(problem.InnerException ?? problem).Message}"));
            return null;
        }
    }

    /// <summary>Whether nothing is written there.</summary>
    public static bool IsEmpty(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };
}
