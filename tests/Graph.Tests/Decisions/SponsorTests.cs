using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Decisions;

/// <summary>Who counts as answering for an agent: only humans who are named.</summary>
public sealed class SponsorTests
{
    private const string Schema = """
        use delegation
        definition user { principal human; relation suspended_by: user }
        definition team {
            relation member: user
            relation cleared: user | user:*
            relation barred: user | user:*
            permission answerable = (member & cleared) - barred
        }
        definition agent { principal agent; relation sponsor: team#answerable }
        definition document { relation reader: agent; permission read = reader; autonomous read }
        """;

    private const string Tuples = """
        document:plan#reader@agent:buyer
        agent:buyer#sponsor@team:bosses#answerable
        team:bosses#member@user:bo
        """;

    [Theory]
    [InlineData("team:bosses#cleared@user:bo", DenialCode.None)]
    [InlineData("team:bosses#cleared@user:*", DenialCode.SponsorInactive)]
    [InlineData("team:bosses#cleared@user:bo\nteam:bosses#barred@user:*", DenialCode.SponsorInactive)]
    public async Task Being_one_of_all_users_makes_nobody_answerable_but_can_take_it_from_everybody(string more, DenialCode code)
    {
        await using Scenario graph = await Scenario.Of(Schema, $"{Tuples}\n{more}");
        Assert.Equal(code, graph.Ask("document:plan#read@agent:buyer").Code);
    }
}
