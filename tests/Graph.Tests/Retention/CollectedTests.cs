using AuthzGraph.Graph.Tests.Agreement;
using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>DESIGN §5, collected = not collected: reclaiming changes no answer that may still be asked for.</summary>
public sealed class CollectedTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Decisions_are_the_same_before_and_after_reclamation()
    {
        Findings findings = new();
        int refused = 0;
        foreach (Case one in Cases.Delegation(60).Concat(Cases.DelegationWithCaveats(30)).Concat(Cases.Plain(20)))
        {
            await using Store store = await Store.WithAsync(one);
            await ChurnAsync(one, store);
            Evidence evidence = new();
            List<(Asked Asked, Answer Answer, Verdict Verdict, string Evidence)> before = [];
            foreach (Asked asked in one.Questions)
            {
                (Verdict verdict, Answer answer) = store.Ask(asked, evidence);
                before.Add((asked, answer, verdict, Describe(evidence)));
            }

            await store.ReclaimAsync(Windows.Now.Plus((long)one.Limits.Retention.TotalMicroseconds));

            foreach ((Asked asked, Answer was, Verdict verdictWas, string evidenceWas) in before)
            {
                (Verdict verdict, Answer answer) = store.Ask(asked, evidence);
                if (verdict is Verdict.Rejected { Reasons: ["INSTANT_TOO_OLD"] } && asked.At < Windows.Now)
                {
                    refused++;
                    continue;
                }
                findings.Count();
                bool same = verdict.AgreesWith(verdictWas) && answer.ValidUntil == was.ValidUntil && answer.Missing.SequenceEqual(was.Missing);
                findings.Expect(same && (verdict is Verdict.Rejected || Describe(evidence) == evidenceWas), "another answer after reclamation",
                    () => one.Describe(asked, $"it was {was} and is {answer}", store.State.Tuples));
            }
        }
        output.WriteLine($"{refused} questions about instants before the horizon were refused");
        findings.Conclude(output, atLeast: 4_000);
        Assert.True(refused > 10, "no instant was refused, so nothing that ended can have gone");
    }

    /// <summary>Takes some tuples away and puts some of those back, so that there are versions to reclaim.</summary>
    private static async Task ChurnAsync(Case one, Store store)
    {
        Random random = new(one.Seed);
        RelationTuple[] free = [.. one.Tuples.Where(t => t.Relation != "suspended_by" && one.Schema[t.Resource.Type].Role is not (RoleKind.Delegation or RoleKind.Task))];
        for (int i = 0; i < 3 && free.Length > 0; i++)
        {
            List<RelationTuple> some = random.Some(free, 1, 6);
            await store.WriteAsync(some.Select(t => new TupleUpdate(UpdateKind.Delete, t)));
            await store.WriteAsync(some.Where(_ => random.Next(3) > 0).Select(t => new TupleUpdate(UpdateKind.Touch, t)).DefaultIfEmpty(new TupleUpdate(UpdateKind.Touch, free[0])));
        }
    }

    private static string Describe(Evidence evidence) =>
        string.Join('\n', [$"{evidence.Root} {evidence.FailedFact}", .. evidence.Chain.Select(h => h.ToString()), .. evidence.Sponsors.Select(s => s.ToString()), .. evidence.Witness.Select(w => w.ToString())]);
}
