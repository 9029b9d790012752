using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Decisions;

public sealed class PlainCheckTests
{
    private const string Schema = """
        use expiration
        use self
        definition user { permission myself = self }
        definition group {
            relation member: user | group#member
        }
        definition folder {
            relation parent: folder
            relation viewer: user | group#member
            permission view = viewer + parent->view
        }
        definition document {
            relation folder: folder
            relation viewer: user | user:* | group#member | user with expiration
            relation banned: user | group#member
            relation needed: group
            permission view = viewer + folder->view - banned
            permission all_needed = needed.all(member)
            permission both = viewer & banned
        }
        """;

    [Fact]
    public async Task A_banned_viewer_loses_access()
    {
        await using Scenario graph = await Scenario.Of(Schema, """
            document:readme#viewer@user:ann
            document:readme#viewer@user:bob
            document:readme#banned@group:bad#member
            group:bad#member@user:bob
            """);
        Assert.True(graph.Allows("document:readme#view@user:ann"));
        Assert.False(graph.Allows("document:readme#view@user:bob"));
        Assert.True(graph.Allows("document:readme#both@user:bob"));
    }

    [Fact]
    public async Task Folders_are_seen_through_however_deep()
    {
        await using Scenario graph = await Scenario.Of(Schema, """
            document:d#folder@folder:a
            folder:aaa#parent@folder:bbb
            folder:a#parent@folder:aaa
            folder:bbb#viewer@group:eng#member
            group:eng#member@group:core#member
            group:core#member@user:ann
            """);
        var evidence = new Evidence();
        Assert.True(graph.Ask("document:d#view@user:ann", evidence: evidence).IsPermitted);
        Assert.Equal(
            ["document:d#folder@folder:a", "folder:a#parent@folder:aaa", "folder:aaa#parent@folder:bbb",
             "folder:bbb#viewer@group:eng#member", "group:eng#member@group:core#member", "group:core#member@user:ann"],
            evidence.Witness.Select(t => t.ToString()));
        Assert.False(graph.Allows("document:d#view@user:bob"));
    }

    [Fact]
    public async Task A_cycle_of_groups_is_no_path()
    {
        await using Scenario graph = await Scenario.Of(Schema, """
            group:aaa#member@group:bbb#member
            group:bbb#member@group:aaa#member
            group:bbb#member@user:ann
            """);
        Assert.True(graph.Allows("group:aaa#member@user:ann"));
        Assert.False(graph.Allows("group:aaa#member@user:bob"));
        Assert.True(graph.Allows("group:aaa#member@group:bbb#member"));
        Assert.True(graph.Allows("group:ccc#member@group:ccc#member"));
    }

    [Fact]
    public async Task All_asks_every_object_and_is_false_over_none()
    {
        await using Scenario graph = await Scenario.Of(Schema, """
            document:d#needed@group:one
            document:d#needed@group:two
            group:one#member@user:ann
            group:two#member@user:ann
            group:one#member@user:bob
            """);
        Assert.True(graph.Allows("document:d#all_needed@user:ann"));
        Assert.False(graph.Allows("document:d#all_needed@user:bob"));
        Assert.False(graph.Allows("document:other#all_needed@user:ann"));
    }

    [Fact]
    public async Task A_wildcard_reaches_users_nobody_wrote_about()
    {
        await using Scenario graph = await Scenario.Of(Schema, "document:d#viewer@user:*");
        Assert.True(graph.Allows("document:d#view@user:nobody"));
        Assert.False(graph.Allows("document:d#view@group:eng#member"));
    }

    [Fact]
    public async Task Self_is_the_object_itself_even_if_nothing_is_known_of_it()
    {
        await using Scenario graph = await Scenario.Of(Schema);
        Assert.True(graph.Allows("user:ann#myself@user:ann"));
        Assert.False(graph.Allows("user:ann#myself@user:bob"));
    }

    [Fact]
    public async Task A_window_holds_from_its_first_microsecond_to_before_its_last()
    {
        await using Scenario graph = await Scenario.Of(Schema,
            "document:d#viewer@user:ann[from:2026-01-01T00:00:00Z][expiration:2026-01-02T00:00:00Z]");
        Assert.False(graph.Allows("document:d#view@user:ann", at: "2025-12-31T23:59:59.999999Z"));
        Assert.True(graph.Allows("document:d#view@user:ann", at: "2026-01-01T00:00:00Z"));
        Assert.True(graph.Allows("document:d#view@user:ann", at: "2026-01-01T23:59:59.999999Z"));
        Assert.False(graph.Allows("document:d#view@user:ann", at: "2026-01-02T00:00:00Z"));
        Assert.Equal(Scenario.Time("2026-01-02T00:00:00Z"), graph.Ask("document:d#view@user:ann", at: "2026-01-01T00:00:00Z").ValidUntil);
        Assert.Equal(Scenario.Time("2026-01-01T00:00:00Z"), graph.Ask("document:d#view@user:ann", at: "2025-12-01T00:00:00Z").ValidUntil);
    }

    [Theory]
    [InlineData("nothing:d#view@user:ann", "UNKNOWN_TYPE")]
    [InlineData("document:d#nothing@user:ann", "UNKNOWN_RELATION")]
    [InlineData("document:d#view@nothing:ann", "UNKNOWN_TYPE")]
    [InlineData("document:d#view@user:*", "WILDCARD_NOT_ALLOWED")]
    public async Task A_question_that_makes_no_sense_is_rejected_with_its_reason(string question, string reason)
    {
        await using Scenario graph = await Scenario.Of(Schema);
        Assert.Equal(reason, Assert.Throws<RejectionException>(() => graph.Ask(question)).Reason);
    }

    [Fact]
    public async Task A_check_that_goes_too_deep_is_an_error_and_not_an_answer()
    {
        string chain = string.Join('\n', Enumerable.Range(0, 60).Select(i => $"folder:f{i}#parent@folder:f{i + 1}"));
        await using Scenario graph = await Scenario.Of(Schema, chain + "\nfolder:f60#viewer@user:ann");
        Assert.Equal("CHECK_DEPTH_LIMIT", Assert.Throws<RejectionException>(() => graph.Ask("folder:f0#view@user:ann")).Reason);
        Assert.True(graph.Allows("folder:f20#view@user:ann"));
    }
}
