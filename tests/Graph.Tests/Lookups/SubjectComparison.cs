using AuthzGraph.Graph.Tests.Agreement;
using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Lookups;

/// <summary>
/// Looks up the subjects of a question's resource, whole and in pages, and asks the reference about every subject of the type there is, and about
/// one that is named nowhere.
/// </summary>
internal sealed class SubjectComparison(Case one, Store store, Findings findings)
{
    public static async Task<Findings> OfAsync(IEnumerable<Case> cases, int questionsPerCase)
    {
        Findings findings = new();
        foreach (Case one in cases)
        {
            await using Store store = await Store.WithAsync(one);
            SubjectComparison comparison = new(one, store, findings);
            foreach (Asked asked in one.Questions.Take(questionsPerCase)) comparison.Compare(asked with { Question = asked.Question with { Acting = default } });
        }
        return findings;
    }

    private void Compare(Asked asked)
    {
        SubjectLookupRequest request = new()
        {
            Resource = asked.Question.Resource,
            Permission = asked.Question.Permission,
            SubjectType = asked.Question.Subject.Object.Type,
            SubjectRelation = asked.Question.Subject.Relation,
            ContextJson = asked.Question.ContextJson,
        };
        Dictionary<string, Verdict?> expected = Ids(asked).ToDictionary(id => id, id => one.Expected(store.State, Of(asked, id)));
        Paged<FoundSubject> all = Pages.Of(store.At(asked.At), request, pageSize: null);
        if (all.Rejected is { } reason)
        {
            Expect(expected.Values.Any(v => v is null or Verdict.Rejected), asked, "a lookup is rejected", reason);
            return;
        }
        foreach ((string id, Verdict? verdict) in expected) Compare(Of(asked, id), verdict, all);
        foreach (string stranger in all.Results.Select(r => r.Id).Where(id => id != Names.Wildcard && !expected.ContainsKey(id)))
            Expect(false, asked, "a subject nobody knows is found", stranger);
        foreach (int size in (int[])[1, 2, 3, 5])
            Expect(Pages.Of(store.At(asked.At), request, size).Text == all.Text, asked, $"pages of {size} differ", $"{all.Text}\n{Pages.Of(store.At(asked.At), request, size).Text}");
    }

    private void Compare(Asked asked, Verdict? expected, Paged<FoundSubject> all)
    {
        string id = asked.Question.Subject.Object.Id;
        Expect(all.Results.Count(r => r.Id == id) <= 1, asked, "a subject is found twice", all.Text);
        if (expected is null or Verdict.Rejected)
        {
            findings.Skip();
            return;
        }
        findings.Count();
        Verdict? actual = Find(all.Results, id, asked.Question.Subject.Relation is null);
        if (actual is not null) findings.Found++;
        bool agrees = Agrees(expected, actual);
        // where the check itself differs from the reference, the lookup may differ with it: that is for the tests of checks to tell
        if (!agrees && Agrees(store.Ask(asked).Verdict, actual))
        {
            findings.Skip();
            return;
        }
        Expect(agrees, asked, $"expected {expected.GetType().Name}, found {actual?.GetType().Name ?? "nothing"}", $"the reference says {expected}, the lookup {actual}: {all.Text}");
    }

    /// <summary>By itself, or through the wildcard.</summary>
    private static Verdict? Find(IReadOnlyList<FoundSubject> results, string id, bool wildcards)
    {
        FoundSubject[] found = [.. results.Where(r => r.Id == id)];
        if (found is []) found = [.. results.Where(r => wildcards && r.Id == Names.Wildcard && !r.Excluded.Contains(id))];
        return found switch
        {
            [] => null,
            [{ Missing: [] }, ..] => Verdict.Permit,
            [var open, ..] => new Verdict.Conditional(string.Join(",", open.Missing)),
        };
    }

    private static bool Agrees(Verdict expected, Verdict? actual) =>
        expected is Verdict.Denied ? actual is null : actual is not null && expected.AgreesWith(actual);

    private IEnumerable<string> Ids(Asked asked) =>
        store.State.Tuples.SelectMany(t => new[] { t.Resource, t.Subject.Object }).Append(asked.Question.Subject.Object).Append(asked.Question.Resource)
            .Where(o => o.Type == asked.Question.Subject.Object.Type && !o.IsWildcard).Select(o => o.Id).Append("stranger").Distinct();

    private static Asked Of(Asked asked, string id) => asked with
    {
        Question = asked.Question with { Subject = asked.Question.Subject with { Object = asked.Question.Subject.Object with { Id = id } } },
    };

    private void Expect(bool holds, Asked asked, string kind, string problem) =>
        findings.Expect(holds, kind, () => one.Describe(asked, problem, store.State.Tuples));
}
