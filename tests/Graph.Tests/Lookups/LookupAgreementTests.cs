using AuthzGraph.Graph.Tests.Agreement;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Lookups;

/// <summary>Lookups against the reference checker on generated worlds: what is found is what a check of every object would permit.</summary>
public sealed class ResourceLookupAgreementTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Resources_are_those_whose_check_permits() =>
        (await ResourceComparison.OfAsync(Cases.Plain(100), 10, q => q)).Conclude(output, atLeast: 2_500, atLeastFound: 100);

    [Fact]
    public async Task Resources_with_caveats_are_those_whose_check_permits_or_depends_on_context() =>
        (await ResourceComparison.OfAsync(Cases.PlainWithCaveats(80), 10, q => q)).Conclude(output, atLeast: 1_500, atLeastFound: 100);

    [Fact]
    public async Task Resources_of_principals_are_those_whose_check_permits() =>
        (await ResourceComparison.OfAsync(Cases.DelegationWithCaveats(100), 15, q => q with { Acting = default })).Conclude(output, atLeast: 1_500, atLeastFound: 100);
}

/// <inheritdoc cref="ResourceLookupAgreementTests"/>
public sealed class SubjectLookupAgreementTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Subjects_are_those_whose_check_permits() =>
        (await SubjectComparison.OfAsync(Cases.Plain(60), 10)).Conclude(output, atLeast: 1_500, atLeastFound: 100);

    [Fact]
    public async Task Subjects_with_caveats_are_those_whose_check_permits_or_depends_on_context() =>
        (await SubjectComparison.OfAsync(Cases.PlainWithCaveats(80), 10)).Conclude(output, atLeast: 1_500, atLeastFound: 100);

    [Fact]
    public async Task Principals_are_those_whose_check_permits() =>
        (await SubjectComparison.OfAsync(Cases.DelegationWithCaveats(100), 15)).Conclude(output, atLeast: 1_500, atLeastFound: 100);
}

/// <inheritdoc cref="ResourceLookupAgreementTests"/>
public sealed class ActingLookupAgreementTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Resources_an_agent_may_reach_are_those_whose_check_permits() =>
        (await ResourceComparison.OfAsync(Cases.Delegation(150), 15, q => q)).Conclude(output, atLeast: 3_000, atLeastFound: 100);

    [Fact]
    public async Task Resources_an_agent_may_reach_under_caveats_are_those_whose_check_permits_or_depends_on_context() =>
        (await ResourceComparison.OfAsync(Cases.DelegationWithCaveats(100), 15, q => q)).Conclude(output, atLeast: 2_000, atLeastFound: 100);

    [Fact]
    public async Task Agents_that_may_act_are_those_whose_hop_a_check_permits() =>
        (await ActingComparison.OfAsync(Cases.Delegation(100).Concat(Cases.DelegationWithCaveats(50)), 10)).Conclude(output, atLeast: 3_000, atLeastFound: 100);
}

/// <summary>The tree of a recursive expansion against the reference checker.</summary>
public sealed class ExpandAgreementTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Who_is_in_a_recursive_expansion_is_who_a_check_permits() =>
        (await ExpandComparison.OfAsync(Cases.Plain(40).Concat(Cases.PlainWithCaveats(40)))).Conclude(output, atLeast: 3_000, atLeastFound: 300);
}
