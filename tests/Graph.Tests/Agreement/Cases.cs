using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>
/// The cases of a run. They are the same in every run, so that a failure stays a failure; <c>AUTHZGRAPH_LONG=1</c> asks
/// for many more, and <c>AUTHZGRAPH_SEED</c> for others.
/// </summary>
internal static class Cases
{
    public static bool IsLongRun => Environment.GetEnvironmentVariable("AUTHZGRAPH_LONG") == "1";

    private static int FirstSeed => Seed.Asked ?? 1;

    public static IEnumerable<Case> Plain(int count) => Seeds(count).Select(PlainCases.Generate);

    public static IEnumerable<Case> Delegation(int count) => Seeds(count).Select(DelegationCases.Generate);

    public static IEnumerable<Case> Unbroken(int count) => Seeds(count).Select(DelegationCases.GenerateUnbroken);

    public static IEnumerable<Case> PlainWithCaveats(int count) => Seeds(count).Select(CaveatedCases.Plain);

    public static IEnumerable<Case> DelegationWithCaveats(int count) => Seeds(count).Select(CaveatedCases.Delegation);

    private static IEnumerable<int> Seeds(int count) => Enumerable.Range(FirstSeed, IsLongRun ? 20 * count : count);

    /// <summary>The reference's answer; null where it would walk too many paths, or so deep that the limit is near.</summary>
    public static Verdict? Expected(this Case one, State state, Asked asked)
    {
        ReferenceChecker reference = new(one.Schema, state, one.Limits, asked.At);
        return Ask(reference, asked.Question);
    }

    public static Verdict? Ask(ReferenceChecker reference, CheckQuestion question)
    {
        try
        {
            Verdict verdict = reference.Decide(question);
            return reference.DeepestPath > 40 ? null : verdict;
        }
        catch (TooManyPathsException)
        {
            return null;
        }
    }
}
