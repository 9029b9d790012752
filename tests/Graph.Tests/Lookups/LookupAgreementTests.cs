using AuthzGraph.Graph.Tests.Agreement;
using AuthzGraph.Model;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Lookups;

/// <summary>Lookups against the reference checker on generated worlds: what is found is what a check of every object would permit.</summary>
public sealed class ResourceLookupAgreementTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Resources_are_those_whose_check_permits() =>
        (await ResourceComparison.OfAsync(Cases.Plain(150), 15, q => q)).Conclude(output, atLeast: 5_000);

    [Fact]
    public async Task Resources_with_caveats_are_those_whose_check_permits_or_depends_on_context() =>
        (await ResourceComparison.OfAsync(Cases.PlainWithCaveats(100), 15, q => q)).Conclude(output, atLeast: 3_000);

    [Fact]
    public async Task Resources_of_principals_are_those_whose_check_permits() =>
        (await ResourceComparison.OfAsync(Cases.DelegationWithCaveats(100), 15, q => q with { Acting = default })).Conclude(output, atLeast: 3_000);
}
