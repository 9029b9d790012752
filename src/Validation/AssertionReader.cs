using AuthzGraph.Model;
using YamlDotNet.RepresentationModel;

namespace AuthzGraph.Validation;

/// <summary>
/// Reads <c>assertions</c>: lists of questions under <c>assertTrue</c>, <c>assertFalse</c>, <c>assertCaveated</c>. A question
/// may bring a context: <c>document:readme#view@user:ann with {"day": "friday"}</c>.
/// </summary>
internal static class AssertionReader
{
    private const string With = " with ";

    public static IEnumerable<ValidationTest> Read(YamlReader yaml, YamlNode node)
    {
        foreach (YamlEntry list in yaml.Entries(node, "`assertions`", "assertTrue", "assertFalse", "assertCaveated"))
            foreach (YamlNode item in yaml.Items(list.Value, $"`{list.Key}`"))
                if (One(yaml, list.Key, item) is { } test) yield return test;
    }

    private static ValidationTest.Assertion? One(YamlReader yaml, string list, YamlNode item)
    {
        if (yaml.Text(item, $"an item of `{list}`")?.Trim() is not { } text) return null;
        int with = text.IndexOf(With, StringComparison.Ordinal);
        if (TestReader.Question(yaml, item, with < 0 ? text : text[..with].TrimEnd()) is not { } asked) return null;
        if (with >= 0)
        {
            if (ContextReader.Json(yaml, item, text[(with + With.Length)..]) is not { } context) return null;
            asked = asked with { ContextJson = context };
        }
        Outcome expected = list switch
        {
            "assertTrue" => Outcome.Permitted,
            "assertFalse" => Outcome.Denied,
            _ => Outcome.Conditional,
        };
        return new ValidationTest.Assertion(text, YamlReader.ContentStart(item), asked, expected);
    }
}
