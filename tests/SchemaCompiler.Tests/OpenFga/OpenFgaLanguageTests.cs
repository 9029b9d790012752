using AuthzGraph.SchemaCompiler.OpenFga;

namespace AuthzGraph.SchemaCompiler.Tests.OpenFga;

/// <summary>Each construct of OpenFGA's language, text in and text out.</summary>
public sealed class OpenFgaLanguageTests
{
    private const string People = "type user\ntype group\n  relations\n    define member: [user]\n";
    private const string PeopleSchema = "definition user {}\n\ndefinition group {\n    relation member: user\n}\n";

    [Fact]
    public void A_type_becomes_a_definition() => Assert.Equal("definition user {}\n", Translated.Schema("type user"));

    [Fact]
    public void What_is_only_written_stays_a_relation() => Document(
        "define viewer: [user, user:*, group#member]",
        "    relation viewer: user | user:* | group#member\n");

    [Fact]
    public void What_is_only_computed_becomes_a_permission() => Document(
        "define owner: [user]\n define viewer: owner",
        "    relation owner: user\n    permission viewer = owner\n");

    [Fact]
    public void What_is_both_keeps_its_name_for_checks_and_is_written_under_another() => Document(
        "define owner: [user]\n define viewer: [user, group#member] or owner",
        "    relation owner: user\n    relation viewer_direct: user | group#member\n    permission viewer = viewer_direct + owner\n");

    [Theory]
    [InlineData("a_list or b_list or c_list", "a_list + b_list + c_list")]
    [InlineData("a_list and b_list and c_list", "a_list & b_list & c_list")]
    [InlineData("a_list but not b_list", "a_list - b_list", "AZ0251 c_list")]
    [InlineData("(a_list and b_list) or c_list", "(a_list & b_list) + c_list")]
    [InlineData("a_list or (b_list but not c_list)", "a_list + (b_list - c_list)")]
    [InlineData("(a_list but not b_list) but not c_list", "(a_list - b_list) - c_list")]
    [InlineData("a_list but not (b_list or (c_list and a_list))", "a_list - (b_list + (c_list & a_list))")]
    [InlineData("((a_list))", "a_list", "AZ0251 b_list", "AZ0251 c_list")]
    public void Operators_keep_their_grouping_in_parentheses(string rewrite, string expected, params string[] warnings) => Document(
        $"define a_list: [user]\n define b_list: [user]\n define c_list: [user]\n define viewer: {rewrite}",
        $"    relation a_list: user\n    relation b_list: user\n    relation c_list: user\n    permission viewer = {expected}\n", warnings);

    [Fact]
    public void Types_may_be_listed_anywhere_in_a_rewrite() => Document(
        "define banned: [user]\n define viewer: ([user] or editor) but not banned\n define editor: [user]",
        """
            relation banned: user
            relation viewer_direct: user
            permission viewer = (viewer_direct + editor) - banned
            relation editor: user

        """);

    [Fact]
    public void From_becomes_an_arrow() => Document(
        "define parent: [document]\n define viewer: [user] or viewer from parent",
        "    relation parent: document\n    relation viewer_direct: user\n    permission viewer = viewer_direct + parent->viewer\n");

    [Fact]
    public void A_wildcard_that_a_userset_carries_on_is_reached_through_a_permission() => Assert.Equal(
        """
        definition user {}

        definition group {
            relation member_direct: user | user:*
            permission member = member_direct
        }

        definition document {
            relation viewer: group#member
        }

        """,
        Translated.Schema("type user\ntype group\n relations\n  define member: [user, user:*]\ntype document\n relations\n  define viewer: [group#member]"));

    [Fact]
    public void A_list_may_go_over_lines_and_say_a_thing_twice() => Document(
        "define viewer: [\n  user, # people\n  group#member,\n  user\n ]",
        "    relation viewer: user | group#member // people\n");

    [Fact]
    public void Comments_stay_with_what_they_are_about() => Assert.Equal(
        """
        // who asks
        definition user {} // everybody

        definition document { // all of them
            // since 2021
            relation owner: user // one
            // see #12
            relation viewer_direct: user
            permission viewer = viewer_direct + owner // many
        }

        // the end

        """,
        Translated.Schema("""
            # who asks
            type user # everybody
            type document
              relations  # all of them
                # since 2021
                define owner: [user] # one
                # see #12
                define viewer: [user] or owner # many
            # the end
            """));

    [Fact]
    public void Words_of_the_language_can_be_names() => Document(
        "define type: [user]\n define from: [document]\n define model: type or define from from\n define define: type",
        "    relation type: user\n    relation from: document\n    permission model = type + from->define\n    permission define = type\n");

    [Fact]
    public void A_condition_becomes_a_caveat()
    {
        OpenFgaTranslation translation = Translated.From("""
            type user
            type document
              relations
                define viewer: [user with in_hours, user:* with from_office] or editor
                define editor: [user]
            condition in_hours(now: timestamp, from: timestamp, allowed: list<string>) {
              now > from
                && "}" in allowed
            }
            condition from_office(ip: ipaddress, nets: map<string>, d: duration) { ip.in_cidr(nets["{office}"]) && d < duration('1h') }
            """);
        Assert.Equal(Words("""
            definition user {}
            definition document {
                relation viewer_direct: user with in_hours | user:* with from_office
                permission viewer = viewer_direct + editor
                relation editor: user
            }
            caveat in_hours(now timestamp, from timestamp, allowed list<string>) {
                now > from
                  && "}" in allowed
            }
            caveat from_office(ip ipaddress, nets map<string>, d duration) {
                ip.in_cidr(nets["{office}"]) && d < duration('1h')
            }
            """), Words(translation.Schema ?? ""));
        Assert.Empty(translation.Diagnostics);
    }

    [Fact]
    public void Nothing_is_an_empty_schema() => Assert.Equal("", Translated.Schema(""));

    private static void Document(string relations, string members, params string[] warnings) => Assert.Equal(
        $"{PeopleSchema}\ndefinition document {{\n{members}}}\n",
        Translated.Schema($"{People}type document\n relations\n {relations}", warnings));

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
