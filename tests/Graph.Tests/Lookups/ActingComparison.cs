using AuthzGraph.Graph.Tests.Agreement;
using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Lookups;

/// <summary>
/// Looks up who may act on a question's resource, whole and in pages, and asks the reference about every hop in the hands of every agent there is.
/// </summary>
internal sealed class ActingComparison(Case one, Store store, Findings findings)
{
    public static async Task<Findings> OfAsync(IEnumerable<Case> cases, int questionsPerCase)
    {
        Findings findings = new();
        foreach (Case one in cases)
        {
            await using Store store = await Store.WithAsync(one);
            ActingComparison comparison = new(one, store, findings);
            foreach (Asked asked in one.Questions.Take(questionsPerCase)) comparison.Compare(asked);
        }
        return findings;
    }

    private void Compare(Asked asked)
    {
        SubjectLookupRequest request = new()
        {
            Resource = asked.Question.Resource,
            Permission = asked.Question.Permission,
            SubjectType = "agent",
            ContextJson = asked.Question.ContextJson,
        };
        Paged<FoundActing> all = Pages.Acting(store.At(asked.At), request, pageSize: null);
        Dictionary<(ObjectRef Hop, ObjectRef Agent), Verdict?> expected = Pairs().ToDictionary(p => p, p => one.Expected(store.State, Of(asked, p.Hop, p.Agent)));
        if (all.Rejected is { } reason)
        {
            Expect(expected.Values.Any(v => v is null or Verdict.Rejected), asked, "a lookup is rejected", reason);
            return;
        }
        foreach (((ObjectRef hop, ObjectRef agent), Verdict? verdict) in expected) Compare(Of(asked, hop, agent), verdict, all.Results);
        Expect(all.Results.All(r => expected.ContainsKey((r.Leaf, r.Presenter))), asked, "a hop nobody knows is found", all.Text);
        foreach (int size in (int[])[1, 2, 3, 5])
            Expect(Pages.Acting(store.At(asked.At), request, size).Text == all.Text, asked, $"pages of {size} differ", all.Text);
    }

    private void Compare(Asked asked, Verdict? expected, IReadOnlyList<FoundActing> results)
    {
        FoundActing[] found = [.. results.Where(r => r.Leaf == asked.Question.Acting.Delegation && r.Presenter == asked.Question.Subject.Object)];
        Expect(found.Length <= 1, asked, "a hop is found twice", "");
        if (expected is null or Verdict.Rejected)
        {
            findings.Skip();
            return;
        }
        findings.Count();
        findings.Found += found.Length;
        Expect(found.Length == 0 == expected is Verdict.Denied, asked, $"{found.Length} found of a hop that is {expected.GetType().Name}", expected.ToString());
        foreach (FoundActing actor in found)
        {
            Expect(actor.Answer.Outcome == (expected is Verdict.Permitted ? Outcome.Permitted : Outcome.Conditional), asked, "the outcome differs", expected.ToString());
            Expect(actor.Evidence.Chain[^1].Hop == actor.Leaf && actor.Evidence.Root is not null, asked, "the chain is not told", "");
            Expect(actor.Evidence.Chain.All(hop => actor.Evidence.Sponsors.Any(s => s.Agent == hop.Delegate)), asked, "nobody is said to answer for an agent", "");
        }
    }

    private IEnumerable<(ObjectRef Hop, ObjectRef Agent)> Pairs()
    {
        string[] hops = [.. one.Schema.Definitions.Where(d => d.Role == RoleKind.Delegation).Select(d => d.Name)];
        ObjectRef[] known = [.. store.State.Tuples.SelectMany(t => new[] { t.Resource, t.Subject.Object }).Where(o => !o.IsWildcard).Distinct()];
        return from hop in known where hops.Contains(hop.Type) from agent in known where agent.Type == "agent" select (hop, agent);
    }

    private static Asked Of(Asked asked, ObjectRef hop, ObjectRef agent) =>
        asked with { Question = asked.Question with { Subject = new SubjectRef(agent), Acting = new Acting(Delegation: hop) } };

    private void Expect(bool holds, Asked asked, string kind, string problem) =>
        findings.Expect(holds, kind, () => one.Describe(asked, problem, store.State.Tuples));
}
