using AuthzGraph.Graph.Tests.Agreement;
using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Lookups;

/// <summary>
/// Looks up the resources of a question's subject, whole and in pages, and asks the reference about every object of the type there is.
/// </summary>
internal sealed class ResourceComparison(Case one, Store store, Findings findings)
{
    public static async Task<Findings> OfAsync(IEnumerable<Case> cases, int questionsPerCase, Func<CheckQuestion, CheckQuestion> asking)
    {
        Findings findings = new();
        foreach (Case one in cases)
        {
            await using Store store = await Store.WithAsync(one);
            ResourceComparison comparison = new(one, store, findings);
            foreach (Asked asked in one.Questions.Take(questionsPerCase)) comparison.Compare(asked with { Question = asking(asked.Question) });
        }
        return findings;
    }

    private void Compare(Asked asked)
    {
        ResourceLookupRequest request = new()
        {
            ResourceType = asked.Question.Resource.Type,
            Permission = asked.Question.Permission,
            Subject = asked.Question.Subject,
            Acting = asked.Question.Acting,
            ContextJson = asked.Question.ContextJson,
        };
        Dictionary<ObjectRef, Verdict?> expected = Objects(asked).ToDictionary(o => o, o => one.Expected(store.State, Of(asked, o)));
        bool anyUnknown = expected.Values.Any(v => v is null or Verdict.Rejected);
        Paged<FoundResource> all = Pages.Of(store.At(asked.At), request, pageSize: null);
        if (all.Rejected is { } reason)
        {
            Expect(anyUnknown, asked, "a lookup is rejected", reason);
            return;
        }
        foreach ((ObjectRef resource, Verdict? verdict) in expected) Compare(Of(asked, resource), verdict, all.Results);
        foreach (FoundResource stranger in all.Results.Where(r => !expected.ContainsKey(new ObjectRef(request.ResourceType, r.Id))))
            Expect(false, asked, "an object nobody knows is found", stranger.Id);
        foreach (int size in (int[])[1, 2, 3, 5])
            Expect(Pages.Of(store.At(asked.At), request, size).Text == all.Text, asked, $"pages of {size} differ", $"{all.Text}\n{Pages.Of(store.At(asked.At), request, size).Text}");
    }

    private void Compare(Asked asked, Verdict? expected, IReadOnlyList<FoundResource> results)
    {
        FoundResource[] found = [.. results.Where(r => r.Id == asked.Question.Resource.Id)];
        Expect(found.Length <= 1, asked, "an object is found twice", "");
        if (expected is null or Verdict.Rejected)
        {
            findings.Skip();
            return;
        }
        findings.Count();
        Verdict? actual = found switch
        {
            [] => null,
            [{ Missing: [] }] => Verdict.Permit,
            [var open, ..] => asked.Question.Acting is { Delegation: null, Root: not null } ? Verdict.DiscoveredConditional : new Verdict.Conditional(string.Join(",", open.Missing)),
        };
        if (actual is not null) findings.Found++;
        bool agrees = Agrees(expected, actual);
        // where the check itself differs from the reference, the lookup may differ with it: that is for the tests of checks to tell
        if (!agrees && Agrees(store.Ask(asked).Verdict, actual))
        {
            findings.Skip();
            return;
        }
        Expect(agrees, asked, $"expected {expected.GetType().Name}, found {actual?.GetType().Name ?? "nothing"}", $"the reference says {expected}, the lookup {actual}");
    }

    private static bool Agrees(Verdict expected, Verdict? actual) =>
        expected is Verdict.Denied ? actual is null : actual is not null && expected.AgreesWith(actual);

    private IEnumerable<ObjectRef> Objects(Asked asked) =>
        store.State.Tuples.SelectMany(t => new[] { t.Resource, t.Subject.Object }).Append(asked.Question.Subject.Object).Append(asked.Question.Resource)
            .Where(o => o.Type == asked.Question.Resource.Type && !o.IsWildcard).Distinct();

    private static Asked Of(Asked asked, ObjectRef resource) => asked with { Question = asked.Question with { Resource = resource } };

    private void Expect(bool holds, Asked asked, string kind, string problem) =>
        findings.Expect(holds, kind, () => one.Describe(asked, problem, store.State.Tuples));
}
