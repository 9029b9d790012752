namespace AuthzGraph.SchemaCompiler.Tests;

public class PartialTests
{
    [Fact]
    public void A_splat_stands_for_the_members_of_its_partial_wherever_that_is_defined()
    {
        Compilation compilation = Compilation.Of(
            """
            use partial
            use delegation
            definition user { principal human }
            definition document {
                relation owner: user
                ...sharing
                permission edit = owner
            }
            partial sharing { ...viewing; permission share = owner; delegable * }
            partial viewing { relation viewer: user; permission view = viewer + owner }
            definition file { relation owner: user; ...viewing }
            """);
        Assert.Empty(compilation.Diagnostics);
        Assert.Equal(
            """
            use delegation
            0 user principal Human
            1 document
              owner: user
              viewer: user
              view = (viewer + owner) delegable
              share = owner delegable
              edit = owner delegable
            2 file
              owner: user
              viewer: user
              view = (viewer + owner)

            """, SchemaText.Of(Assert.IsType<CompiledSchema>(compilation.Schema)));
    }

    [Theory]
    [InlineData("AZ0601", "definition user { ...[viewing] }")]
    [InlineData("AZ0601", "definition user {}\ndefinition file { ...[user] }")]
    [InlineData("AZ0602", "partial aaa { ...bbb }\npartial bbb { ...[aaa] }\ndefinition user { ...aaa }")]
    [InlineData("AZ0603", "partial viewing { relation viewer: user }\ndefinition user { ...viewing\n ...[viewing]\n permission see = viewer }")]
    [InlineData("AZ0510", "partial viewing { relation viewer: user }\ndefinition [viewing] {}\ndefinition user {}")]
    [InlineData("AZ0201", "partial viewing { relation viewer: [usr] }\ndefinition user { ...viewing }\ndefinition team { ...viewing }")]
    public void What_is_wrong_with_a_partial_is_said_once(string code, string marked) => Marked.Says(code, $"use partial\n{marked}");

    [Fact]
    public void A_short_text_cannot_stand_for_an_endless_one()
    {
        string doubling = string.Concat(Enumerable.Range(0, 60).Select(i => $"partial part_{i:D2} {{ ...part_{i + 1:D2}\n ...part_{i + 1:D2} }}\n"));
        Assert.Contains(Compilation.Of($"use partial\n{doubling}partial part_60 {{ relation viewer: user }}\ndefinition user {{}}").Diagnostics, d => d.Code == "AZ0603");

        string members = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"relation r{i:D5}: user\n"));
        string users = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"partial p{i:D5} {{ ...big }}\n"));
        Assert.Contains(Compilation.Of($"use partial\npartial big {{ {members} }}\n{users}definition user {{}}").Diagnostics, d => d.Code == "AZ0002");

        string chain = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"partial p{i:D5} {{ ...p{i + 1:D5} }}\n"));
        Assert.Contains(Compilation.Of($"use partial\n{chain}definition user {{}}").Diagnostics, d => d.Code == "AZ0604");
    }

    [Fact]
    public void Partials_and_splats_have_a_canonical_form()
    {
        const string Canonical = "use partial\n\npartial viewing {\n    relation viewer: user\n}\n\ndefinition user {\n    ...viewing\n}\n";
        Assert.Equal(Canonical, Formatted.Of("use partial; partial   viewing { relation viewer: user }\ndefinition user{ ... viewing }"));
        Assert.Equal(Canonical, Formatted.Of(Canonical));
    }

    [Theory]
    [InlineData("definition user {}\ndefinition team { relation member: user }\ndefinition file { relation viewer: team#member\n permission [view]: team = viewer }")]
    [InlineData("use self\ndefinition user { permission [see]: team = self }\ndefinition team {}")]
    [InlineData("definition team {}\ndefinition user { relation friend: user\n relation ban: team\n permission see: user = friend - ban\n permission [ask]: user = see + ban }")]
    public void A_permission_that_names_types_is_held_to_it(string marked) => Marked.Says("AZ0306", $"use typechecking\n{marked}");

    [Fact]
    public void Without_use_typechecking_the_types_of_a_permission_are_a_note() =>
        Assert.Empty(Compilation.Of("definition user { relation friend: user\n permission see: team = friend }").Diagnostics);
}
