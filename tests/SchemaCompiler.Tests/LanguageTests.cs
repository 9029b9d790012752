namespace AuthzGraph.SchemaCompiler.Tests;

public class LanguageTests
{
    [Fact]
    public void An_empty_text_is_a_schema_without_definitions() => Compiles("", "");

    [Fact]
    public void Relations_list_objects_usersets_and_wildcards() => Compiles(
        """
        definition user {}
        definition acme/eng/group {
            relation member: user | user:* | acme/eng/group#manager
            relation manager: user#... | acme/eng/group#manage
            permission manage = manager
        }
        """,
        """
        0 user
        1 acme/eng/group
          member: user | user:* | acme/eng/group#manager
          manager: user | acme/eng/group#manage
          manage = manager

        """);

    [Fact]
    public void A_type_with_and_without_expiration_is_one_edge_type() => Compiles(
        """
        use expiration
        definition user {}
        definition file {
            relation viewer: user with expiration | user:* | user | user:* with expiration
            relation editor: user with expiration
        }
        """,
        """
        0 user
        1 file
          viewer: user may expire | user:* may expire
          editor: user expires

        """);

    [Fact]
    public void An_arrow_says_what_it_asks_behind_each_edge_type() => Compiles(
        """
        definition user {}
        definition group { relation member: user }
        definition folder {
            relation parent: folder | user | group#member
            relation viewer: user
            permission view = viewer + parent->view
            permission member = parent.all(member)
        }
        """,
        """
        0 user
        1 group
          member: user
        2 folder
          parent: folder | user | group#member
          viewer: user
          view = (viewer + parent.Any(view)[folder>folder.view])
          member = parent.All(member)[folder>folder.member group#member>group.member]

        """);

    [Fact]
    public void Nil_is_nobody_and_self_is_the_object_itself_when_asked_for()
    {
        Compiles("use self\ndefinition user { permission itself = self + nil }", "0 user\n  itself = (self + nil)\n");
        Compiles("definition user { relation self: user; permission itself = self }", "0 user\n  self: user\n  itself = self\n");
    }

    [Fact]
    public void Members_end_at_newlines_semicolons_and_the_closing_brace() => Compiles(
        "definition user { relation aaa: user; relation bbb: user |\n user#aaa;;\n permission ccc = aaa +\n bbb }",
        "0 user\n  aaa: user\n  bbb: user | user#aaa\n  ccc = (aaa + bbb)\n");

    [Fact]
    public void Comments_may_stand_anywhere_and_end_nothing() => Compiles(
        "/** doc */ definition user { // one\n relation /* two\n lines */ aaa /**/: user | // three\n user#aaa /* four */\n}// five",
        "0 user\n  aaa: user | user#aaa\n");

    [Fact]
    public void Every_kind_of_newline_ends_a_member()
    {
        const string Expected = "0 user\n  aaa: user\n  bbb: user\n";
        Compiles("definition user {\r\n relation aaa: user\r\n relation bbb: user\r\n}\r\n", Expected);
        Compiles("\uFEFFdefinition user {\r relation aaa: user\r relation bbb: user\r}", Expected);
    }

    [Fact]
    public void Recursion_through_data_is_no_cycle() => Compiles(
        """
        definition folder {
            relation parent: folder
            relation member: folder#view
            permission view = member + parent->view
            permission edit = view - share
            permission share = edit + member
        }
        """,
        """
        0 folder
          parent: folder
          member: folder#view
          view = (member + parent.Any(view)[folder>folder.view])
          edit = (view - share)
          share = (edit + member)

        """);

    [Fact]
    public void A_wildcard_behind_a_permission_does_not_spread() => Compiles(
        "definition user {}\ndefinition group { relation member: user:*; permission membership = member }\n" +
        "definition file { relation viewer: group#membership }",
        "0 user\n1 group\n  member: user:*\n  membership = member\n2 file\n  viewer: group#membership\n");

    [Fact]
    public void Two_definitions_with_a_relation_of_one_name_do_not_share_a_wildcard() => Compiles(
        "definition user {}\ndefinition public { relation member: user:* }\ndefinition group { relation member: user }\n" +
        "definition file { relation viewer: group#member\n permission view = viewer->member }",
        "0 user\n1 public\n  member: user:*\n2 group\n  member: user\n3 file\n  viewer: group#member\n" +
        "  view = viewer.Any(member)[group#member>group.member]\n");

    [Fact]
    public void The_text_is_kept_as_given()
    {
        const string Text = "definition  user {}  // as is";
        Assert.Equal(Text, Compilation.Of(Text).Schema?.Text);
    }

    private static void Compiles(string text, string expected)
    {
        Compilation compilation = Compilation.Of(text);
        Assert.DoesNotContain(compilation.Diagnostics, d => d.Severity == Severity.Error);
        Assert.Equal(expected, SchemaText.Of(Assert.IsType<CompiledSchema>(compilation.Schema)));
    }
}
