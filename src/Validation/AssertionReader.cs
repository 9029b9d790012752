using AuthzGraph.Model;
using YamlDotNet.RepresentationModel;

namespace AuthzGraph.Validation;

/// <summary>Reads <c>assertions</c>: lists of questions under <c>assertTrue</c>, <c>assertFalse</c>, <c>assertCaveated</c>.</summary>
internal static class AssertionReader
{
    private const string NoCaveats = "caveats are not supported yet";

    public static IEnumerable<ValidationTest> Read(YamlReader yaml, YamlNode node)
    {
        foreach (YamlEntry list in yaml.Entries(node, "`assertions`", "assertTrue", "assertFalse", "assertCaveated"))
            foreach (YamlNode item in yaml.Items(list.Value, $"`{list.Key}`"))
                if (One(yaml, list.Key, item) is { } test) yield return test;
    }

    private static ValidationTest? One(YamlReader yaml, string list, YamlNode item)
    {
        if (yaml.Text(item, $"an item of `{list}`")?.Trim() is not { } text) return null;
        int context = text.IndexOf(" with ", StringComparison.Ordinal);
        string question = context < 0 ? text : text[..context].TrimEnd();
        if (TestReader.Question(yaml, item, question) is not { } asked) return null;
        string expected = list switch { "assertTrue" => "PERMITTED", "assertFalse" => "DENIED", _ => "CONDITIONAL" };
        return context >= 0 || list == "assertCaveated"
            ? new ValidationTest.Unsupported(text, YamlReader.ContentStart(item), expected, NoCaveats)
            : new ValidationTest.Assertion(text, YamlReader.ContentStart(item), asked, list == "assertTrue");
    }
}
