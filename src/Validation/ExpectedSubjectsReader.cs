using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AuthzGraph.Model;
using YamlDotNet.RepresentationModel;

namespace AuthzGraph.Validation;

/// <summary>
/// Reads <c>validation</c>: under each <c>resource#permission</c> the list of all its subjects, each written
/// <c>[user:ann] is &lt;document:readme#viewer&gt;</c>, or <c>[user:* - {user:bob}] is &lt;…&gt;/&lt;…&gt;</c>.
/// <c>[...]</c> after a subject says that it depends on the context: <c>[user:ann[...]]</c>.
/// </summary>
internal static class ExpectedSubjectsReader
{
    private const string Form = "it is written `[subject] is <resource#relation>`, with further relations after `/`";
    private static readonly Regex Line = new(@"^\[(?<subject>.+)\]\s+is\s+(?<relations><[^>]+>(\s*/\s*<[^>]+>)*)$", RegexOptions.NonBacktracking);
    private static readonly Regex Relation = new("<([^>]+)>", RegexOptions.NonBacktracking);
    private static readonly Regex Except = new(@"^(?<subject>\S+)\s+-\s+\{(?<except>[^}]+)\}$", RegexOptions.NonBacktracking);

    /// <summary>An exception in another form: by the letter an object whose id begins with <c>*-{</c>, and never meant so.</summary>
    private static readonly Regex AlmostExcept = new(@":\*(\[\.\.\.\])?-\{", RegexOptions.NonBacktracking);


    public static IEnumerable<ValidationTest> Read(YamlReader yaml, YamlNode node)
    {
        foreach (YamlEntry entry in yaml.Entries(node, "`validation`"))
            if (One(yaml, entry) is { } test) yield return test;
    }

    private static ValidationTest.ExpectedSubjects? One(YamlReader yaml, YamlEntry entry)
    {
        if (!SubjectRef.TryParse(entry.Key, out SubjectRef asked) || asked.Relation is not { } permission)
        {
            yaml.Error(entry.KeyNode, $"`{entry.Key}` is not a permission of an object", "it is written resource#permission, as in document:readme#view");
            return null;
        }
        List<ExpectedSubject> subjects = [];
        foreach (YamlNode item in yaml.Items(entry.Value, $"the subjects of `{entry.Key}`"))
        {
            if (yaml.Text(item, "an expected subject")?.Trim() is not { } text) continue;
            if (Subject(text) is { } subject) subjects.Add(subject);
            else yaml.Error(item, $"`{text}` is not an expected subject", Form);
        }
        return new ValidationTest.ExpectedSubjects(entry.Key, YamlReader.ContentStart(entry.KeyNode), asked.Object, permission, [.. subjects]);
    }

    private static ExpectedSubject? Subject(string text)
    {
        Match line = Line.Match(text);
        if (!line.Success) return null;
        string who = line.Groups["subject"].Value.Trim();
        ImmutableSortedSet<string> except = Found.Nothing;
        if (AlmostExcept.IsMatch(who)) return null;
        if (Except.Match(who) is { Success: true } match)
        {
            who = match.Groups["subject"].Value;
            except = Sorted(match.Groups["except"].Value.Split(',').Select(Canonical));
        }
        bool isConditional = TryCut(ref who);
        if (!SubjectRef.TryParse(who, out SubjectRef subject)) return null;
        string[] relations = [.. Relation.Matches(line.Groups["relations"].Value).Select(relation => relation.Groups[1].Value.Trim())];
        if (!relations.All(IsRelation)) return null;
        return new ExpectedSubject(subject, new Found(Sorted(relations), except) { IsConditional = isConditional });
    }

    /// <summary><c>document:readme#viewer</c></summary>
    private static bool IsRelation(string text) => SubjectRef.TryParse(text, out SubjectRef relation) && relation.Relation is not null;

    private static bool TryCut(ref string subject)
    {
        if (!subject.EndsWith(Found.Conditional, StringComparison.Ordinal)) return false;
        subject = subject[..^Found.Conditional.Length];
        return true;
    }

    private static ImmutableSortedSet<string> Sorted(IEnumerable<string> texts) => Found.Nothing.Union(texts.Where(t => t.Length > 0));

    private static string Canonical(string excepted)
    {
        string subject = excepted.Trim();
        string condition = TryCut(ref subject) ? Found.Conditional : "";
        return (SubjectRef.TryParse(subject, out SubjectRef parsed) ? parsed.ToString() : subject) + condition;
    }
}
