using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>The comparison is worth what the generated cases are worth.</summary>
public sealed class GeneratorTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_denial_code_occurs_at_least_five_times()
    {
        Dictionary<DenialCode, int> counts = Enum.GetValues<DenialCode>().ToDictionary(c => c, _ => 0);
        (int permitted, int rejected, int skipped) = (0, 0, 0);
        foreach (Verdict? verdict in Verdicts(Cases.Delegation(500)))
        {
            if (verdict is Verdict.Permitted) permitted++;
            else if (verdict is Verdict.Denied denied) counts[denied.Code]++;
            else if (verdict is Verdict.Rejected) rejected++;
            else skipped++;
        }
        output.WriteLine($"{permitted} permitted, {rejected} rejected, {skipped} skipped");
        foreach ((DenialCode code, int count) in counts) output.WriteLine($"{count,6} {code.ToText()}");

        Assert.All(Enum.GetValues<DenialCode>().Skip(1), code => Assert.True(counts[code] >= 5, $"{code.ToText()} occurs {counts[code]} times"));
        Assert.True(permitted > counts.Values.Sum() / 10, $"only {permitted} permits");
        Assert.True(skipped < counts.Values.Sum() / 50, $"{skipped} questions are too deep or wide to compare");
    }

    [Fact]
    public void Plain_cases_permit_deny_and_run_into_cycles_through_exclusions()
    {
        Verdict?[] verdicts = [.. Verdicts(Cases.Plain(200))];
        int permitted = verdicts.OfType<Verdict.Permitted>().Count();
        int denied = verdicts.OfType<Verdict.Denied>().Count();
        int rejected = verdicts.OfType<Verdict.Rejected>().Count();
        output.WriteLine($"{permitted} permitted, {denied} denied, {rejected} rejected, {verdicts.Count(v => v is null)} skipped");

        Assert.True(permitted > verdicts.Length / 20);
        Assert.True(denied > verdicts.Length / 20);
        Assert.True(rejected > 15);
        Assert.True(verdicts.Count(v => v is null) < verdicts.Length / 50);
    }

    private static IEnumerable<Verdict?> Verdicts(IEnumerable<Case> cases)
    {
        foreach (Case one in cases)
        {
            State state = new(one.Tuples);
            foreach (Asked asked in one.Questions) yield return one.Expected(state, asked);
        }
    }
}
