using AuthzGraph.Graph.Tests.Reference;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>The comparison can fail: whoever gets one sentence of the design wrong differs from the reference before long.</summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    private const int PlainCount = 100, DelegationCount = 500;

    [Fact]
    public void A_checker_that_gets_any_one_sentence_wrong_is_found_out()
    {
        List<string> undetected = [];
        List<Answered> answered = [.. PlainAndDelegationByTurns().Select(Answered.Of)];
        foreach ((string sentence, MakeChecker mutant) in Mutants.All)
        {
            int found = answered.FindIndex(a => a.Differs(mutant));
            output.WriteLine($"{(found < 0 ? "NOT FOUND" : $"case {found + 1}"),10}  {sentence}");
            if (found < 0) undetected.Add(sentence);
        }
        Assert.True(Mutants.All.Count >= 15);
        Assert.Empty(undetected);
    }

    private static IEnumerable<Case> PlainAndDelegationByTurns() => Cases.Plain(PlainCount).Zip(Cases.Delegation(PlainCount))
        .SelectMany(pair => new[] { pair.First, pair.Second })
        .Concat(Cases.Delegation(DelegationCount).Skip(PlainCount));

    /// <summary>A case with the reference's answers.</summary>
    private sealed record Answered(Case Case, State State, IReadOnlyList<Verdict?> Verdicts)
    {
        public static Answered Of(Case one)
        {
            State state = new(one.Tuples);
            return new Answered(one, state, [.. one.Questions.Select(q => one.Expected(state, q))]);
        }

        public bool Differs(MakeChecker mutant) => Case.Questions.Zip(Verdicts).Any(pair =>
            pair.Second is { } expected && !Agrees(expected, mutant(Case.Schema, State, Case.Limits, pair.First.At), pair.First));

        /// <summary>A mutant that left out what later steps rely on may also fall over, which is as good as another answer.</summary>
        private static bool Agrees(Verdict expected, ReferenceChecker mutant, Asked asked)
        {
            try { return Cases.Ask(mutant, asked.Question) is not { } wrong || expected.AgreesWith(wrong); }
            catch (InvalidOperationException) { return false; }
        }
    }
}
