using System.Collections.Immutable;
using System.Globalization;
using AuthzGraph.Model;
using YamlDotNet.RepresentationModel;

namespace AuthzGraph.Validation;

/// <summary>Reads <c>decisions</c>: who, what, on whose authority, when, and what must come of it (docs/testing.md).</summary>
internal sealed class DecisionReader(YamlReader yaml, List<FileDiagnostic> errors)
{
    private static readonly string[] Needed = ["check", "expect"];

    private readonly Dictionary<string, YamlNode> _read = [];
    private string? _name;
    private CheckQuestion? _question;
    private string? _context;
    private Acting _acting;
    private Instant? _at;
    private (Outcome Outcome, DenialCode? Code)? _expected;
    private int? _hop;
    private ObjectRef? _object;
    private Instant? _validUntil;
    private string? _reason;
    private ImmutableSortedSet<string>? _missing;
    private ImmutableArray<LocatedTuple> _given = [];
    private ImmutableArray<LocatedTuple> _without = [];

    public static IEnumerable<ValidationTest> Read(YamlReader yaml, List<FileDiagnostic> errors, YamlNode node)
    {
        foreach (YamlNode item in yaml.Items(node, "`decisions`"))
            if (new DecisionReader(yaml, errors).Read(item) is { } test) yield return test;
    }

    private ValidationTest.Decision? Read(YamlNode item)
    {
        foreach (YamlEntry entry in yaml.Entries(item, "a decision",
            "name", "check", "acting", "context", "at", "given", "without", "expect", "hop", "object", "validUntil", "reason", "missing")) ReadEntry(entry);
        foreach (string needed in Needed)
            if (!_read.ContainsKey(needed)) yaml.Error(item, $"a decision has no `{needed}`");
        if (_question is not { } question || _expected is not { } expected) return null;
        return new ValidationTest.Decision(
            _name ?? question.Text(), YamlReader.ContentStart(_read["check"]), question with { Acting = _acting, ContextJson = _context }, _at,
            new Expectation(expected.Outcome, expected.Code, _hop, _object, _validUntil, _reason, _missing), new Change(_given, _without));
    }

    private void ReadEntry(YamlEntry entry)
    {
        _read[entry.Key] = entry.Value;
        switch (entry.Key)
        {
            case "name": _name = yaml.Text(entry.Value, "`name`"); break;
            case "check": ReadQuestion(entry.Value); break;
            case "acting": _acting = Acting(entry.Value); break;
            case "context": _context = ContextReader.Read(yaml, entry.Value); break;
            case "at": _at = TestReader.InstantOf(yaml, entry); break;
            case "given": _given = Tuples(entry); break;
            case "without": _without = Tuples(entry); break;
            case "expect": _expected = Expected(entry.Value); break;
            case "hop": _hop = Hop(entry.Value); break;
            case "object": _object = TestReader.Object(yaml, entry); break;
            case "reason": _reason = yaml.Text(entry.Value, "`reason`"); break;
            case "missing": _missing = Missing(entry.Value); break;
            case "validUntil": _validUntil = yaml.Text(entry.Value, "`validUntil`") == "never" ? Instant.Never : TestReader.InstantOf(yaml, entry); break;
        }
    }

    private void ReadQuestion(YamlNode node)
    {
        if (yaml.Text(node, "`check`") is { } text) _question = TestReader.Question(yaml, node, text.Trim());
    }

    private Acting Acting(YamlNode node)
    {
        Acting acting = default;
        foreach (YamlEntry entry in yaml.Entries(node, "`acting`", "delegation", "onBehalfOf", "task"))
        {
            ObjectRef? named = TestReader.Object(yaml, entry);
            acting = entry.Key switch
            {
                "delegation" => acting with { Delegation = named },
                "onBehalfOf" => acting with { Root = named },
                _ => acting with { Task = named },
            };
        }
        return acting;
    }

    private (Outcome, DenialCode?)? Expected(YamlNode node)
    {
        if (yaml.Text(node, "`expect`") is not { } text) return null;
        if (text == "PERMITTED") return (Outcome.Permitted, null);
        if (text == "DENIED") return (Outcome.Denied, null);
        if (text == "CONDITIONAL") return (Outcome.Conditional, null);
        if (text == "REJECTED") return (Outcome.Unknown, null);
        if (DenialCodes.TryParse(text, out DenialCode code)) return (Outcome.Denied, code);
        IEnumerable<string> words = ["PERMITTED", "DENIED", "CONDITIONAL", "REJECTED", .. Enum.GetValues<DenialCode>().Skip(1).Select(c => c.ToText())];
        string? nearest = NearestName.Of(text, words);
        yaml.Error(node, $"`{text}` is no outcome", nearest is null ? "write PERMITTED, DENIED, CONDITIONAL, REJECTED or a denial code" : $"did you mean `{nearest}`?");
        return null;
    }

    private int? Hop(YamlNode node)
    {
        if (yaml.Text(node, "`hop`") is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int hop)) return hop;
        yaml.Error(node, $"`{text}` is no hop", "hops are counted from the root at 1; 0 when no hop is to blame");
        return null;
    }

    private ImmutableSortedSet<string> Missing(YamlNode node) =>
        [.. yaml.Items(node, "`missing`").Select(item => yaml.Text(item, "an item of `missing`")).OfType<string>()];

    // One relationship, or a list of them.
    private ImmutableArray<LocatedTuple> Tuples(YamlEntry entry)
    {
        List<LocatedTuple> tuples = [];
        foreach (YamlNode item in entry.Value is YamlScalarNode one ? [one] : yaml.Items(entry.Value, $"`{entry.Key}`"))
            if (yaml.Scalar(item, $"an item of `{entry.Key}`") is { } scalar) tuples.AddRange(RelationshipText.Read(yaml.Mapped(scalar), errors));
        return [.. tuples];
    }
}
