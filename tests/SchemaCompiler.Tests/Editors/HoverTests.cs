namespace AuthzGraph.SchemaCompiler.Tests.Editors;

/// <summary>What is shown of the name or word at <c>‸</c>.</summary>
public sealed class HoverTests
{
    private const string Schema = """
        use delegation
        // Somebody.
        definition user { principal human }
        definition team { relation member: user | team#member }
        /** Where documents are. */
        definition folder {
            domain data
            within parent
            relation parent: folder
            // Whom it is open to,
            // and whom not.
            relation viewer: user:* | team#member
            relation banned: robot
            permission view = (viewer + parent->view) - banned
            delegable view max hops 2 approval viewer
            autonomous view
        }
        definition robot {
            principal agent
            relation sponsor: user
        }
        caveat night(hour int, days list<string>) { hour > 20 && "sunday" in days }
        """;

    [Theory]
    [InlineData("permission vi‸ew", "```authzgraph\n// definition folder\npermission view = (viewer + parent->view) - banned\n```\n\nSubjects that can have it: `user:*`, `user`\n\n"
        + "Delegable: `max hops 2`, `approval viewer`.\n\nAutonomous: an agent may hold it by tuples of its own.")]
    [InlineData("relation vie‸wer", "```authzgraph\n// definition folder\nrelation viewer: user:* | team#member\n```\n\nWhom it is open to,  \nand whom not.")]
    [InlineData("relation spon‸sor", "```authzgraph\n// definition robot\nrelation sponsor: user\n```\n\nIts role fixes its name: the humans answerable for the agent; one of them is active, always.")]
    [InlineData("relation sponsor: us‸er", "```authzgraph\ndefinition user\n```\n\nSomebody.\n\n`principal human`: Objects of this type act. Humans and services can be roots of a chain of hops.")]
    [InlineData("relation parent: fold‸er", "```authzgraph\ndefinition folder\n```\n\nWhere documents are.\n\n`domain data`: Where access is enforced, for records. Decides nothing.\n\n"
        + "`within parent`: Along these relations an object is within another: what is lent on the outer covers the inner.\n\nRelations: `parent`, `viewer`, `banned`\n\nPermissions: `view`")]
    [InlineData("caveat ni‸ght", "```authzgraph\ncaveat night(hour int, days list<string>)\n```")]
    [InlineData("in day‸s", "```authzgraph\ndays list<string>\n```\n\nA parameter of the caveat `night`.")]
    [InlineData("use dele‸gation", "Definitions say who acts, on what task, by whose authority, and how far authority may be handed on.")]
    [InlineData("delega‸ble", "These may be exercised through hops; nothing else may. `*` is every permission.")]
    [InlineData("// Some‸body", "nothing")]
    public void A_name_is_shown_with_its_declaration_and_what_follows(string at, string shown) =>
        Assert.Equal(shown, Pointed.At(Schema.Replace(at.Replace("‸", ""), at)).Hovered);

    [Fact]
    public void Behind_an_arrow_everything_is_shown_that_is_asked()
    {
        string shown = Pointed.At("definition org { permission view = nil }\ndefinition doc { relation parent: doc | org\n permission view = parent->vi‸ew }").Hovered;
        Assert.Equal("```authzgraph\n// definition doc\npermission view = parent->view\n```\n\nSubjects that can have it: none\n\n---\n\n"
            + "```authzgraph\n// definition org\npermission view = nil\n```\n\nSubjects that can have it: none", shown);
    }

    [Fact]
    public void Subjects_are_found_through_usersets_arrows_and_partials_but_not_behind_a_minus()
    {
        string shown = Pointed.At("use partial\nuse self\ndefinition user {}\ndefinition bot {}\ndefinition ghost {}\ndefinition team { relation member: user | team#lead; permission lead = self }\n"
            + "partial shared { permission vi‸ew = (owner & self) + parent->view - banned }\n"
            + "definition doc { ...shared\n relation owner: bot; relation parent: doc | team; relation banned: ghost }\ndefinition file { ...shared\n relation owner: team#member }").Hovered;
        Assert.Contains("Subjects that can have it: `doc`, `bot`, `file`, `user`, `team`", shown);
    }

    [Fact]
    public void A_name_that_means_nothing_is_passed_over() => Assert.Equal("nothing", Pointed.At("definition doc { permission view = vie‸wer }").Hovered);
}
