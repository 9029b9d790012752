using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Lookups;

public sealed class CycleTests
{
    [Fact]
    public async Task A_member_through_a_cycle_that_a_caveated_way_entered_first_is_permitted()
    {
        const string schema = """
            caveat open(day int) { day > 0 }
            definition user {}
            definition group { relation member: user | group#member | group#member with open }
            """;
        await using Scenario graph = await Scenario.Of(schema, string.Join('\n', Enumerable.Range(0, 8).Select(i => $"""
            group:root{i}#member@group:y{i}#member[open]
            group:root{i}#member@group:x{i}#member
            group:x{i}#member@group:y{i}#member
            group:y{i}#member@group:x{i}#member
            group:y{i}#member@group:z{i}#member
            group:z{i}#member@user:ann
            """)));
        for (int i = 0; i < 8; i++) Assert.Equal((i, Outcome.Permitted), (i, graph.Ask($"group:root{i}#member@user:ann").Outcome));
    }
}
