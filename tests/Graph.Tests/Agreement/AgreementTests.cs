using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>
/// The engine against the reference checker, on generated schemas, tuples, questions and instants: outcome, code, hop and
/// object, with and without evidence, and until <c>valid_until</c>.
/// </summary>
public sealed class PlainAgreementTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Plain_checks_agree_with_the_reference() =>
        (await Comparison.OfAsync(Cases.Plain(150))).Conclude(output, atLeast: 8_500);
}

/// <inheritdoc cref="PlainAgreementTests"/>
public sealed class DelegationAgreementTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Direct_autonomous_and_delegated_decisions_agree_with_the_reference() =>
        (await Comparison.OfAsync(Cases.Delegation(250))).Conclude(output, atLeast: 14_000);

    [Fact]
    public async Task Decisions_on_hops_that_were_written_by_the_rules_agree_with_the_reference()
    {
        Findings findings = new();
        int refused = 0;
        foreach (Case one in Cases.Unbroken(60))
        {
            await using Store? store = await Store.ByTheRulesAsync(one);
            if (store is null) refused++;
            else Comparison.Run(one, store, findings);
        }
        output.WriteLine($"{refused} cases are against the rules");
        findings.Conclude(output, atLeast: 1_000);
    }
}
