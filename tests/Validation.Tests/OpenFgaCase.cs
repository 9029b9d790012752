using System.Text.Json;
using AuthzGraph.Model;

namespace AuthzGraph.Validation.Tests;

/// <summary>One schema, its relationships and what is expected of them, as OpenFGA's JSON has it; written out as a validation file.</summary>
internal sealed class OpenFgaCase(string schema, JsonElement relationships)
{
    private readonly List<string> _permitted = [];
    private readonly List<string> _denied = [];
    private readonly List<string> _conditional = [];
    private readonly List<string> _relationships = [.. relationships.EnumerateArray().Select(r => r.GetString() ?? "")];

    public void Expect(string check, bool permitted) => (permitted ? _permitted : _denied).Add(check);

    /// <summary>{check, context, expect: true, false, or caveated where OpenFGA refuses for want of context}</summary>
    public void ExpectCheck(JsonElement check)
    {
        string question = Text(check, "check") + Context(check);
        JsonElement expected = check.GetProperty("expect");
        if (expected.ValueKind != JsonValueKind.String) Expect(question, expected.GetBoolean());
        else
        {
            Assert.Equal("caveated", expected.GetString());
            _conditional.Add(question);
        }
    }

    public void ExpectAll(JsonElement owner, string list, bool permitted)
    {
        if (!owner.TryGetProperty(list, out JsonElement checks)) return;
        foreach (JsonElement check in checks.EnumerateArray()) Expect(check.GetString() ?? "", permitted);
    }

    /// <summary>{type, permission, subject, expect: [id]}</summary>
    public void ExpectResources(JsonElement lookup)
    {
        (string type, string permission, string subject) = (Text(lookup, "type"), Text(lookup, "permission"), Text(lookup, "subject"));
        string context = Context(lookup);
        HashSet<string> listed = Listed(lookup);
        foreach (string id in listed.Union(Ids(type, ofSubjects: false))) Expect($"{type}:{id}#{permission}@{subject}{context}", listed.Contains(id));
    }

    /// <summary>{resource, permission, subjectType, subjectRelation, expect: [id or *]}</summary>
    public void ExpectSubjects(JsonElement lookup)
    {
        (string type, string relation) = (Text(lookup, "subjectType"), Text(lookup, "subjectRelation"));
        string question = $"{Text(lookup, "resource")}#{Text(lookup, "permission")}@{type}:";
        string suffix = (relation.Length == 0 ? "" : $"#{relation}") + Context(lookup);
        HashSet<string> listed = Listed(lookup);
        if (listed.Remove(Names.Wildcard)) Expect($"{question}nobody-in-particular{suffix}", true);
        else foreach (string id in Ids(type, ofSubjects: true).Except(listed)) Expect($"{question}{id}{suffix}", false);
        foreach (string id in listed) Expect($"{question}{id}{suffix}", true);
    }

    /// <summary>YAML; strings are written as JSON has them, which YAML reads the same.</summary>
    public string ToValidationFile() => JsonSerializer.Serialize(new
    {
        schema,
        relationships = string.Join('\n', _relationships),
        assertions = new { assertTrue = _permitted.Distinct(), assertFalse = _denied.Distinct(), assertCaveated = _conditional.Distinct() },
    });

    private IEnumerable<string> Ids(string type, bool ofSubjects)
    {
        foreach (string text in _relationships)
            if (RelationTuple.TryParse(text, out RelationTuple tuple))
            {
                if (tuple.Resource.Type == type) yield return tuple.Resource.Id;
                if (ofSubjects && tuple.Subject.Object is { IsWildcard: false } subject && subject.Type == type) yield return subject.Id;
            }
    }

    private static HashSet<string> Listed(JsonElement lookup) => [.. lookup.GetProperty("expect").EnumerateArray().Select(e => e.GetString() ?? "")];

    private static string Context(JsonElement owner) =>
        owner.TryGetProperty("context", out JsonElement context) && context.EnumerateObject().Any() ? $" with {context.GetRawText().ReplaceLineEndings(" ")}" : "";

    private static string Text(JsonElement owner, string name) => owner.GetProperty(name).GetString() ?? "";
}
