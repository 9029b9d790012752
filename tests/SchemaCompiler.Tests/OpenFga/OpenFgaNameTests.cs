namespace AuthzGraph.SchemaCompiler.Tests.OpenFga;

/// <summary>Names that our language does not have, and names that two things would share.</summary>
public sealed class OpenFgaNameTests
{
    [Theory]
    [InlineData("Document", "document")]
    [InlineData("apiKey", "api_key")]
    [InlineData("HTTPRoute", "httproute")]
    [InlineData("feature-flag", "feature_flag")]
    [InlineData("id", "id_type")]
    [InlineData("x", "x_type")]
    [InlineData("_self_", "self")]
    [InlineData("2fa", "type_2fa")]
    [InlineData("relation", "relation_type")]
    [InlineData("acme/Document", "acme/document")]
    [InlineData("a.b", "a_b")]
    public void A_type_that_cannot_keep_its_name_is_renamed_and_reported(string was, string now)
    {
        Assert.Equal($"definition {now} {{}}\n", Translated.Schema($"type {was}"));
        Assert.Equal($"3:6: type `{was}` is called `{now}`", Translated.Changes($"type {was}"));
    }

    [Fact]
    public void Names_that_can_stay_stay_and_the_others_make_way() => Assert.Equal(
        "definition user_2 {}\n\ndefinition user {}\n\ndefinition user_3 {}\n",
        Translated.Schema("type User\ntype user\ntype USER"));

    [Fact]
    public void A_renamed_relation_is_renamed_wherever_it_is_named()
    {
        const string Model = """
            type user
            type Team
              relations
                define is-member: [user, Team#is-member]
            type doc
              relations
                define in: [Team, doc]
                define is-member: [user]
                define canView: is-member from in or is-member
            """;
        Assert.Equal("""
            definition user {}

            definition team {
                relation is_member: user | team#is_member
            }

            definition doc {
                relation in_relation: team | doc
                relation is_member: user
                permission can_view = in_relation->is_member + is_member
            }

            """, Translated.Schema(Model, "AZ0353 in_relation->is_member"));
        Assert.Equal("""
            4:6: type `Team` is called `team`
            6:12: relation `Team#is-member` is called `team#is_member`
            9:12: relation `doc#in` is called `doc#in_relation`
            10:12: relation `doc#is-member` is called `doc#is_member`
            11:12: relation `doc#canView` is called `doc#can_view`
            """, Translated.Changes(Model));
    }

    [Fact]
    public void Relationships_of_what_is_also_computed_are_said_to_move() => Assert.Equal(
        "7:12: relationships of `document#viewer` are written as `document#viewer_direct`; checks and usersets name `document#viewer`",
        Translated.Changes("type user\ntype document\n  relations\n    define owner: [user]\n    define viewer: [user] or owner"));

    [Fact]
    public void A_name_for_what_is_written_never_meets_another() => Assert.Equal(
        """
        definition user {}

        definition folder {
            relation viewer_direct: user
        }

        definition document {
            relation parent: folder
            relation viewer_direct_2: user
            permission viewer = viewer_direct_2 + parent->viewer_direct
        }

        """,
        Translated.Schema("""
            type user
            type folder
              relations
                define viewer_direct: [user]
            type document
              relations
                define parent: [folder]
                define viewer: [user] or viewer_direct from parent
            """, "AZ0353 parent->viewer_direct"));

    [Fact]
    public void Two_spellings_of_a_relation_stay_two_in_every_type() => Assert.Equal(
        """
        definition user {}

        definition folder {
            relation viewer_2: user
        }

        definition document {
            relation parent: folder | document
            relation viewer: user
            permission viewer_2 = parent->viewer_2
        }

        """,
        Translated.Schema("""
            type user
            type folder
              relations
                define Viewer: [user]
            type document
              relations
                define parent: [folder, document]
                define viewer: [user]
                define Viewer: Viewer from parent
            """, "AZ0251 viewer", "AZ0353 parent->viewer_2"));

    [Fact]
    public void A_long_name_is_cut_and_still_different_from_others()
    {
        string name = new('a', 64);
        string schema = Translated.Schema($"type user\ntype doc\n  relations\n    define {name}: [user] or {name}b\n    define {name}b: [user]");
        Assert.Contains($"permission {name} = {name[..62]}_3 + {name[..62]}_2\n", schema.Replace("\n        ", " "));
    }

    [Fact]
    public void Conditions_and_types_do_not_share_a_name() => Assert.Equal(
        "5:11: condition `night` is called `night_2`",
        Translated.Changes("type user\ntype night\ncondition night(hour: int) { hour > 22 }"));
}
