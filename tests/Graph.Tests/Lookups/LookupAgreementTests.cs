using AuthzGraph.Graph.Tests.Agreement;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Lookups;

/// <summary>Lookups against the reference checker on generated worlds: what is found is what a check of every object would permit.</summary>
public sealed class ResourceLookupAgreementTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Resources_are_those_whose_check_permits() =>
        (await ResourceComparison.OfAsync(Cases.Plain(100), 10, q => q)).Conclude(output, atLeast: 2_500);

    [Fact]
    public async Task Resources_with_caveats_are_those_whose_check_permits_or_depends_on_context() =>
        (await ResourceComparison.OfAsync(Cases.PlainWithCaveats(80), 10, q => q)).Conclude(output, atLeast: 1_500);

    [Fact]
    public async Task Resources_of_principals_are_those_whose_check_permits() =>
        (await ResourceComparison.OfAsync(Cases.DelegationWithCaveats(100), 15, q => q with { Acting = default })).Conclude(output, atLeast: 1_500);
}

/// <inheritdoc cref="ResourceLookupAgreementTests"/>
public sealed class SubjectLookupAgreementTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Subjects_are_those_whose_check_permits() =>
        (await SubjectComparison.OfAsync(Cases.Plain(100), 10)).Conclude(output, atLeast: 2_500);

    [Fact]
    public async Task Subjects_with_caveats_are_those_whose_check_permits_or_depends_on_context() =>
        (await SubjectComparison.OfAsync(Cases.PlainWithCaveats(80), 10)).Conclude(output, atLeast: 1_500);

    [Fact]
    public async Task Principals_are_those_whose_check_permits() =>
        (await SubjectComparison.OfAsync(Cases.DelegationWithCaveats(100), 15)).Conclude(output, atLeast: 1_500);
}
