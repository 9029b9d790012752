using AuthzGraph.Model;

namespace AuthzGraph.Validation;

/// <summary>Holds the subjects found against those a file lists: both must be complete.</summary>
internal static class ExpectedSubjects
{
    public static IEnumerable<string> Differences(ValidationTest.ExpectedSubjects test, IEnumerable<KeyValuePair<SubjectRef, Found>> found)
    {
        Dictionary<SubjectRef, ExpectedSubject> expected = [];
        foreach (ExpectedSubject subject in test.Subjects) expected[subject.Subject] = subject;
        foreach ((SubjectRef subject, Found how) in found.OrderBy(f => f.Key.ToString(), StringComparer.Ordinal))
        {
            if (!expected.Remove(subject, out ExpectedSubject? listed)) yield return $"not listed: {Line(subject, how)}";
            else if (!listed.How.IsLike(how)) yield return $"listed {Line(subject, listed.How)}, found {Line(subject, how)}";
        }
        foreach (ExpectedSubject missing in expected.Values)
            yield return $"not found: {Line(missing.Subject, missing.How)}";
    }

    private static string Line(SubjectRef subject, Found how)
    {
        string condition = how.IsConditional ? Found.Conditional : "";
        string exceptions = how.Except.IsEmpty ? "" : $" - {{{string.Join(", ", how.Except)}}}";
        return $"[{subject}{condition}{exceptions}] is {string.Join("/", how.Relations.Select(r => $"<{r}>"))}";
    }
}
