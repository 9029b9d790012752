using System.Text.Json;
using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>
/// What a caller relies on who is told that context is missing: giving the names that are listed decides, and once an
/// answer is decided no further context changes it.
/// </summary>
internal sealed class ContextCheck(Case one, Store store, Asked asked, Random random, Action<bool, Asked, string, string> expect)
{
    private const int LargestValue = 4;

    public void Run(Answer answer)
    {
        if (answer.Outcome == Outcome.Conditional) Complete(answer);
        else if (!RestsOnConditionalPaths(answer.Code)) Extend(answer.Outcome);
    }

    /// <summary>One round decides. A discovered answer may take one per candidate, each asking for what was not given yet.</summary>
    private void Complete(Answer answer)
    {
        Asked now = asked;
        while (answer.Outcome == Outcome.Conditional)
        {
            Dictionary<string, long> given = Caveats.Read(now.Question.ContextJson);
            expect(answer.Missing.Length > 0 && !answer.Missing.Any(given.ContainsKey), now, "what is missing was given", answer.ToString());
            if (answer.Missing.Any(given.ContainsKey)) return;
            now = With(now, answer.Missing);
            (Verdict verdict, answer) = store.Ask(now);
            if (one.Expected(store.State, now) is { } expected)
                expect(expected.AgreesWith(verdict), now, "another answer once the context is complete", $"the reference says {expected}, the engine says {verdict}");
            if (asked.Question.Acting.Root is not null) continue;
            expect(answer.Outcome != Outcome.Conditional, now, "conditional again although everything missing was given", verdict.ToString());
            return;
        }
    }

    private void Extend(Outcome decided)
    {
        Asked now = With(asked, Caveats.Parameters.Except(Caveats.Read(asked.Question.ContextJson).Keys));
        (Verdict verdict, Answer answer) = store.Ask(now);
        expect(answer.Outcome == decided, now, "more context changes a decided answer", $"it was {decided}, and is {verdict}");
    }

    /// <summary>A conditional path to a sponsor or an approver counts as none, so context may bring one to light.</summary>
    private static bool RestsOnConditionalPaths(DenialCode code) =>
        code is DenialCode.SponsorMissing or DenialCode.SponsorInactive or DenialCode.ApprovalRequired;

    private Asked With(Asked before, IEnumerable<string> names)
    {
        Dictionary<string, long> context = Caveats.Read(before.Question.ContextJson);
        foreach (string name in names) context[name] = random.Next(LargestValue + 1);
        return before with { Question = before.Question with { ContextJson = JsonSerializer.Serialize(context) } };
    }
}
