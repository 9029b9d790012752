using AuthzGraph.Graph.Tests.Reference;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>A batch answers what its questions are answered one by one, rejections, missing names and validity included.</summary>
public sealed class BatchTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Questions_asked_together_get_the_answers_they_get_alone()
    {
        Findings findings = new();
        foreach (Case one in Cases.Plain(60).Concat(Cases.PlainWithCaveats(30)).Concat(Cases.Delegation(60)).Concat(Cases.DelegationWithCaveats(30)))
        {
            await using Store store = await Store.WithAsync(one);
            foreach (IGrouping<Model.Instant, Asked> group in one.Questions.GroupBy(asked => asked.At))
            {
                Asked[] asked = [.. group];
                foreach ((Asked question, (Verdict Verdict, Answer Answer) together) in asked.Zip(store.AskTogether(group.Key, asked)))
                {
                    (Verdict verdict, Answer alone) = store.Ask(question);
                    findings.Count();
                    bool same = verdict.ToString() == together.Verdict.ToString() && alone.ValidUntil == together.Answer.ValidUntil;
                    findings.Expect(same, "a batch answers otherwise", () => one.Describe(question, $"alone {verdict} until {alone.ValidUntil}, together {together}"));
                }
            }
        }
        findings.Conclude(output, atLeast: 6_000);
    }
}
