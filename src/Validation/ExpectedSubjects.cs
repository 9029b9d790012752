using System.Collections.Immutable;
using AuthzGraph.Model;

namespace AuthzGraph.Validation;

/// <summary>Holds the subjects found against those a file lists: both must be complete.</summary>
internal static class ExpectedSubjects
{
    public static IEnumerable<string> Differences(ValidationTest.ExpectedSubjects test, SubjectSet found)
    {
        Dictionary<SubjectRef, ExpectedSubject> expected = [];
        foreach (ExpectedSubject subject in test.Subjects) expected[subject.Subject] = subject;
        foreach ((SubjectRef subject, Found how) in found.All.OrderBy(f => f.Key.ToString(), StringComparer.Ordinal))
        {
            if (!expected.Remove(subject, out ExpectedSubject? listed)) yield return $"not listed: {Line(subject, how.Except, how.Relations)}";
            else if (!listed.Except.SetEquals(how.Except) || !listed.Relations.SetEquals(how.Relations))
                yield return $"listed {Line(subject, listed.Except, listed.Relations)}, found {Line(subject, how.Except, how.Relations)}";
        }
        foreach (ExpectedSubject missing in expected.Values)
            yield return $"not found: {Line(missing.Subject, missing.Except, missing.Relations)}";
    }

    private static string Line(SubjectRef subject, ImmutableSortedSet<string> except, ImmutableSortedSet<string> relations)
    {
        string exceptions = except.IsEmpty ? "" : $" - {{{string.Join(", ", except)}}}";
        return $"[{subject}{exceptions}] is {string.Join("/", relations.Select(r => $"<{r}>"))}";
    }
}
