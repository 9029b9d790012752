using AuthzGraph.Model;
using YamlDotNet.RepresentationModel;

namespace AuthzGraph.Validation;

/// <summary>Reads the parts that several kinds of tests share. Null: an error was noted.</summary>
internal static class TestReader
{
    /// <summary><c>document:readme#view@user:ann</c></summary>
    public static CheckQuestion? Question(YamlReader yaml, YamlNode node, string text)
    {
        try
        {
            RelationTuple tuple = RelationTuple.Parse(text);
            if (tuple is { Caveat: null, Window: var window } && window == Window.Always)
                return new CheckQuestion(tuple.Resource, tuple.Relation, tuple.Subject);
            yaml.Error(node, $"`{text}` is not a question", "a question has no caveat and no window: resource#permission@subject");
        }
        catch (RejectionException)
        {
            yaml.Error(node, $"`{text}` is not a question", "a question is written resource#permission@subject, as in document:readme#view@user:ann");
        }
        return null;
    }

    public static ObjectRef? Object(YamlReader yaml, YamlEntry entry)
    {
        if (yaml.Text(entry.Value, $"`{entry.Key}`") is not { } text) return null;
        if (ObjectRef.TryParse(text, out ObjectRef value)) return value;
        yaml.Error(entry.Value, $"`{text}` is not an object", "an object is written type:id");
        return null;
    }

    public static Instant? InstantOf(YamlReader yaml, YamlEntry entry)
    {
        if (yaml.Text(entry.Value, $"`{entry.Key}`") is not { } text) return null;
        if (Instant.TryParse(text, Rounding.Down, out Instant value)) return value;
        yaml.Error(entry.Value, $"`{text}` is not an instant", "an instant is RFC 3339, as in 2026-11-20T10:10:00Z or 2026-11-20T10:10:00.000001Z");
        return null;
    }
}
