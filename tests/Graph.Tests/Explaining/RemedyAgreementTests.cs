using AuthzGraph.Graph.Tests.Agreement;
using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Explaining;

/// <summary>Whatever is told to turn a denial into a permit does: the reference says so of the tuples after it, and so does a store.</summary>
public sealed class RemedyAgreementTests(ITestOutputHelper output)
{
    [Fact]
    public async Task What_is_told_to_give_a_permission_gives_it() =>
        await ForAll(Cases.Plain(60), atLeast: 1_500, atLeastFound: 400);

    [Fact]
    public async Task What_is_told_to_give_a_permission_gives_it_beside_caveats() =>
        await ForAll(Cases.PlainWithCaveats(60), atLeast: 1_500, atLeastFound: 400);

    [Fact]
    public async Task What_is_told_to_let_somebody_act_lets_it_act() =>
        await ForAll(Cases.Delegation(100), atLeast: 2_000, atLeastFound: 1_000);

    [Fact]
    public async Task What_is_told_to_let_somebody_act_lets_it_act_beside_caveats() =>
        await ForAll(Cases.DelegationWithCaveats(60), atLeast: 1_000, atLeastFound: 400);

    [Fact]
    public async Task What_is_told_about_hops_written_by_the_rules_can_be_written_by_them()
    {
        Findings findings = new();
        foreach (Case one in Cases.Unbroken(40))
        {
            await using Store? store = await Store.ByTheRulesAsync(one);
            if (store is null) continue;
            foreach (Asked asked in one.Questions.Where(q => q.At == Windows.Now).Take(5))
            {
                Evidence evidence = new() { SeeksRemedies = true };
                store.Ask(asked, evidence);
                if (evidence.Remedies is not [{ } remedy, ..]) continue;
                await using Store? changed = await Store.ByTheRulesAsync(one);
                if (changed is null) continue;
                foreach (RemedyStep step in remedy.Steps) await changed.WriteAsync(step.Updates);
                findings.Count();
                Verdict after = changed.Ask(Then(asked, remedy)).Verdict;
                findings.Expect(after is Verdict.Permitted, "a remedy was written and does not help", () => one.Describe(asked, $"{Text(remedy)}\nthen {after}"));
            }
        }
        findings.Conclude(output, atLeast: 30);
    }

    private async Task ForAll(IEnumerable<Case> cases, int atLeast, int atLeastFound)
    {
        Findings findings = new();
        Dictionary<DenialCode, (int Denials, int Helped)> codes = [];
        foreach (Case one in cases)
        {
            await using Store store = await Store.WithAsync(one);
            foreach (Asked asked in one.Questions) Compare(one, store, asked, findings, codes);
        }
        foreach ((DenialCode code, (int denials, int helped)) in codes) output.WriteLine($"{denials,6} denied, {helped,6} told a way out: {code.ToText()}");
        findings.Conclude(output, atLeast, atLeastFound);
    }

    private static void Compare(Case one, Store store, Asked asked, Findings findings, Dictionary<DenialCode, (int Denials, int Helped)> codes)
    {
        Evidence evidence = new() { SeeksRemedies = true };
        (Verdict verdict, Answer answer) = store.Ask(asked, evidence);
        bool isDenied = verdict is Verdict.Denied;
        findings.Expect(isDenied || evidence.Remedies.Count == 0, "a remedy for what is no denial", () => one.Describe(asked, verdict.ToString()));
        if (!isDenied) return;
        findings.Count();
        (int denials, int helped) = codes.GetValueOrDefault(answer.Code);
        codes[answer.Code] = (denials + 1, helped + Math.Min(1, evidence.Remedies.Count));
        foreach (Remedy remedy in evidence.Remedies)
        {
            findings.Found++;
            State after = store.State.After(remedy.Steps.SelectMany(s => s.Updates), asked.At);
            Verdict? then = one.Expected(after, Then(asked, remedy));
            findings.Expect(then is null or Verdict.Permitted, $"a remedy of {answer.Code.ToText()} does not help",
                () => one.Describe(asked, $"{verdict}\n{Text(remedy)}\nthen {then}", store.State.Tuples));
        }
    }

    private static Asked Then(Asked asked, Remedy remedy) => remedy.Delegation is { } hop
        ? asked with { Question = asked.Question with { Acting = asked.Question.Acting with { Delegation = hop } } }
        : asked;

    private static string Text(Remedy remedy) => string.Join('\n', remedy.Steps.SelectMany(s => s.Updates.Select(u => $"{s.Kind}: {u.Kind} {u.Tuple}")));
}
