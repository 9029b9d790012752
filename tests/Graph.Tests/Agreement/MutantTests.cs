using AuthzGraph.Graph.Tests.Reference;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>The comparison can fail: whoever gets one sentence of the design wrong differs from the reference before long.</summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    private const int CasesAtMost = 600;

    [Fact]
    public void A_checker_that_gets_any_one_sentence_wrong_is_found_out()
    {
        List<string> undetected = [];
        foreach ((string sentence, MakeChecker mutant) in Mutants.All)
        {
            int? found = FirstDifference(mutant);
            output.WriteLine($"{(found is null ? "NOT FOUND" : $"case {found}"),10}  {sentence}");
            if (found is null) undetected.Add(sentence);
        }
        Assert.Empty(undetected);
    }

    /// <summary>The number of the first case in which the two differ; plain and delegation cases by turns.</summary>
    private static int? FirstDifference(MakeChecker mutant)
    {
        int number = 0;
        foreach ((Case plain, Case delegation) in Cases.Plain(CasesAtMost / 2).Zip(Cases.Delegation(CasesAtMost / 2)))
        {
            number++;
            if (Differs(plain, mutant) || Differs(delegation, mutant)) return number;
        }
        return null;
    }

    private static bool Differs(Case one, MakeChecker mutant)
    {
        State state = new(one.Tuples);
        return one.Questions.Any(asked => one.Expected(state, asked) is { } expected && !Agrees(expected, mutant(one.Schema, state, one.Limits, asked.At), asked));
    }

    /// <summary>A mutant that left out what later steps rely on may also fall over, which is as good as another answer.</summary>
    private static bool Agrees(Verdict expected, ReferenceChecker mutant, Asked asked)
    {
        try { return Cases.Ask(mutant, asked.Question) is not { } wrong || expected.AgreesWith(wrong); }
        catch (InvalidOperationException) { return false; }
    }
}
