using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>Asks the engine and the reference the same and holds the engine to everything it says about its answer.</summary>
internal sealed class Comparison(Case one, Store store, Findings findings)
{
    private const int LaterInstants = 3;

    private readonly List<Instant> _changes = Windows.Changes(one.Tuples, one.Limits);
    private readonly Random _random = new(one.Seed);
    private readonly Evidence _evidence = new();

    public static async Task<Findings> OfAsync(IEnumerable<Case> cases)
    {
        Findings findings = new();
        foreach (Case one in cases)
        {
            await using Store store = await Store.WithAsync(one);
            Run(one, store, findings);
        }
        return findings;
    }

    public static void Run(Case one, Store store, Findings findings)
    {
        Comparison comparison = new(one, store, findings);
        foreach (Asked asked in one.Questions) comparison.Compare(asked);
    }

    private void Compare(Asked asked)
    {
        if (one.Expected(store.State, asked) is not { } expected)
        {
            findings.Skip();
            return;
        }
        findings.Count();
        (Verdict verdict, Answer answer) = store.Ask(asked);
        bool agrees = expected.AgreesWith(verdict);
        Expect(agrees, asked, Difference(expected, verdict), $"the reference says {expected}, the engine says {verdict}");

        (Verdict withEvidence, Answer sameAnswer) = store.Ask(asked, _evidence);
        Expect(withEvidence.AgreesWith(verdict) && Same(sameAnswer, answer), asked, "asking for evidence changes the answer", $"{answer} became {sameAnswer} {withEvidence}");
        if (!agrees || verdict is Verdict.Rejected) return;

        HoldsUntil(asked, verdict, answer);
        if (one.Schema.Caveats.Count > 0) new ContextCheck(one, store, asked, _random, Expect).Run(answer);
        new EvidenceCheck(one, store.State, asked, answer, _evidence, (holds, kind) => Expect(holds, asked, kind, answer.ToString())).Run();
        if (answer.IsPermitted && one.Schema.OnePathProves) findings.Proved++;
    }

    /// <summary>The promise of <c>valid_until</c>: with no write the answer is the same until then, the reference being witness.</summary>
    private void HoldsUntil(Asked asked, Verdict verdict, Answer answer)
    {
        Instant until = answer.ValidUntil;
        Expect(until > asked.At, asked, "valid_until is not in the future", $"valid_until is {until}");
        Expect(!until.IsFinite || _changes.Contains(until), asked, "nothing changes at valid_until", $"valid_until is {until}");
        List<Instant> between = [.. _changes.Where(c => c > asked.At && c < until)];
        IEnumerable<Instant> later = Enumerable.Range(0, Math.Min(LaterInstants, between.Count)).Select(_ => _random.Pick(between));
        if (until.IsFinite) later = later.Append(until.Plus(-1));
        foreach (Instant t in later)
        {
            Asked then = asked with { At = t };
            (Verdict verdictThen, Answer answerThen) = store.Ask(then);
            Expect(verdictThen == verdict && answerThen.Missing.SequenceEqual(answer.Missing), then, "the answer changes before valid_until",
                $"at {asked.At}: {answer}; at {t}: {answerThen}");
            if (one.Expected(store.State, then) is { } expected)
                Expect(expected.AgreesWith(verdictThen), then, Difference(expected, verdictThen), $"the reference says {expected}, the engine says {verdictThen}");
        }
    }

    private void Expect(bool holds, Asked asked, string kind, string problem) =>
        findings.Expect(holds, kind, () => one.Describe(asked, problem, store.State.Tuples));

    /// <summary>Equal in everything, the missing names by their content.</summary>
    public static bool Same(Answer a, Answer b) => a.Missing.SequenceEqual(b.Missing) && a with { Missing = [] } == b with { Missing = [] };

    private static string Difference(Verdict expected, Verdict actual) => $"expected {Kind(expected)}, got {Kind(actual)}";

    private static string Kind(Verdict verdict) => verdict switch
    {
        Verdict.Denied denied => denied.Code.ToText(),
        Verdict.Conditional => "conditional",
        _ => verdict.ToString(),
    };
}
