using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Lookups;

public sealed class SubjectLookupTests
{
    private const string Schema = """
        caveat weekday(day int) { day < 6 }
        definition user {}
        definition group { relation member: user | group#member }
        definition folder { relation viewer: user | group#member; permission view = viewer }
        definition document {
            relation folder: folder
            relation viewer: user | user:* | group#member | user with weekday | user:* with weekday
            relation needed: user
            relation banned: user | group#member
            permission view = viewer + folder->view
            permission edit = viewer & needed
            permission read = viewer - banned
        }
        """;

    [Fact]
    public async Task Subjects_are_found_directly_through_groups_and_through_folders_each_once()
    {
        await using Scenario graph = await Scenario.Of(Schema, """
            group:eng#member@user:ann
            group:eng#member@user:bob
            group:all#member@group:eng#member
            group:all#member@user:ann
            folder:top#viewer@group:all#member
            document:plan#folder@folder:top
            document:plan#viewer@user:cas
            """);
        Assert.Equal(["ann", "bob", "cas"], Found(graph, "document:plan", "view", "user"));
        Assert.Equal(["all", "eng"], Found(graph, "document:plan", "view", "group", "member"));
        Assert.Equal([], Found(graph, "document:plan", "view", "group"));
    }

    [Fact]
    public async Task Everybody_but_those_excluded_comes_last()
    {
        await using Scenario graph = await Scenario.Of(Schema, """
            document:plan#viewer@user:*
            document:plan#viewer@user:ann
            document:plan#viewer@user:bob
            document:plan#banned@user:bob
            document:plan#banned@group:bad#member
            group:bad#member@user:cas
            """);
        Assert.Equal("ann *-{bob,cas}", Text(graph, "document:plan", "read"));
        Assert.Equal(["*", "ann", "bob"], Found(graph, "document:plan", "view", "user"));
    }

    [Fact]
    public async Task Of_an_intersection_with_everybody_only_those_named_are_found()
    {
        await using Scenario graph = await Scenario.Of(Schema, """
            document:plan#viewer@user:*
            document:plan#needed@user:ann
            """);
        Assert.Equal("ann", Text(graph, "document:plan", "edit"));
    }

    [Fact]
    public async Task A_condition_that_is_open_is_named_for_everybody_and_for_one()
    {
        await using Scenario graph = await Scenario.Of(Schema, """
            document:plan#viewer@user:*[weekday]
            document:plan#viewer@user:ann
            document:plan#banned@user:bob
            document:plan#viewer@user:bob[weekday]
            """);
        Assert.Equal("ann *[day]-{bob}", Text(graph, "document:plan", "read"));
    }

    [Fact]
    public async Task Of_an_object_nobody_ever_heard_of_nobody_is_found()
    {
        await using Scenario graph = await Scenario.Of(Schema, "document:plan#viewer@user:ann");
        Assert.Equal("", Text(graph, "document:other", "view"));
        Assert.Equal(["nobody"], Found(graph, "group:nobody", "member", "group", "member"));
    }

    [Fact]
    public async Task A_suspended_principal_is_excluded_from_everybody_and_agents_are_found_one_by_one()
    {
        await using Scenario graph = await Scenario.Of("""
            use delegation
            definition user { principal human; relation suspended_by: user }
            definition agent { principal agent; relation sponsor: user; relation suspended_by: user }
            definition document {
                relation viewer: user:* | user | agent:*
                permission view = viewer
                autonomous view
            }
            """, """
            document:plan#viewer@user:*
            document:plan#viewer@agent:*
            user:eve#suspended_by@user:ann
            agent:sponsored#sponsor@user:ann
            agent:lost#suspended_by@user:ann
            agent:lost#sponsor@user:ann
            agent:orphan#sponsor@user:eve
            """);
        Assert.Equal("*-{eve}", Text(graph, "document:plan", "view"));
        Assert.Equal(["sponsored"], Found(graph, "document:plan", "view", "agent"));
    }

    private static string Text(Scenario graph, string resource, string permission) =>
        Pages.Of(graph.Graph.Snapshot(), Request(resource, permission, "user"), pageSize: null).Text;

    private static IEnumerable<string> Found(Scenario graph, string resource, string permission, string type, string? relation = null) =>
        Pages.Of(graph.Graph.Snapshot(), Request(resource, permission, type) with { SubjectRelation = relation }, pageSize: null)
            .Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);

    private static SubjectLookupRequest Request(string resource, string permission, string type) =>
        new() { Resource = ObjectRef.Parse(resource), Permission = permission, SubjectType = type };
}
