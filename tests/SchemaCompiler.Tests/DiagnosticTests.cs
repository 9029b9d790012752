namespace AuthzGraph.SchemaCompiler.Tests;

/// <summary>What is wrong, where, and that nothing else is said about it. [Brackets] are the span.</summary>
public class DiagnosticTests
{
    [Theory]
    [InlineData("AZ0101", "definition user { relation aaa: user [@] }")]
    [InlineData("AZ0101", "definition user { permission aaa = nil [😀] }")]
    [InlineData("AZ0102", "definition user {}\n[/*] never closed")]
    [InlineData("AZ0103", "[\"]never closed\ndefinition user {}")]
    [InlineData("AZ0104", "definition user { relation [:] user }")]
    [InlineData("AZ0104", "definition user { relation aaa [user] }")]
    [InlineData("AZ0104", "definition user { relation aaa:\n[}]")]
    [InlineData("AZ0104", "definition user { permission aaa = [-]-- }")]
    [InlineData("AZ0104", "definition user { permission aaa = (nil[}]")]
    [InlineData("AZ0104", "definition user { relation aaa: user\n[]")]
    [InlineData("AZ0104", "definition user { relation aaa: user\n[definition] team {}")]
    [InlineData("AZ0104", "definition user[]\n{}")]
    [InlineData("AZ0104", "definition user { permission aaa = [relation] }")]
    [InlineData("AZ0104", "definition user {\n permission aaa =\n [permission] bbb = nil }")]
    [InlineData("AZ0105", "[nonsense] thing {\n relation: user\n}\ndefinition user {}")]
    [InlineData("AZ0106", "definition user { [relatoin] aaa: user\n relation bbb: user }")]
    [InlineData("AZ0116", "[partial] viewing { relation viewer: user }\ndefinition user {}")]
    [InlineData("AZ0115", "use expiration\ncaveat odd(num int) { num % 2 == 1 }\ndefinition user { relation aaa: user with expiration [and] odd }")]
    [InlineData("AZ0108", "use [something]")]
    [InlineData("AZ0109", "definition user {}\n[use] expiration\ndefinition file { relation viewer: user with expiration }")]
    [InlineData("AZ0110", "definition user { relation [with]: user }")]
    [InlineData("AZ0110", "use expiration\ndefinition user { relation [and]: user }")]
    [InlineData("AZ0110", "definition [nil] {}")]
    [InlineData("AZ0111", "definition user { relation aaa: user [+] user }")]
    [InlineData("AZ0111", "definition user {\n relation aaa: user\n [|] user#aaa\n relation bbb: user }")]
    [InlineData("AZ0111", "use delegation\ndefinition user { principal human [human] }")]
    [InlineData("AZ0112", "definition user { relation aaa: user\n permission bbb = aaa.[some](aaa) }")]
    [InlineData("AZ0113", "definition user { relation aaa: user with [expiration] }")]
    [InlineData("AZ0114", "definition user { [principal] human }")]
    public void What_cannot_be_read_is_said_once(string code, string marked) => Marked.Says(code, marked);

    [Theory]
    [InlineData("AZ0201", "definition file { relation viewer: [user] | [team]#member | [robot]:* }")]
    [InlineData("AZ0202", "definition user { relation aaa: user#[bbb] }")]
    [InlineData("AZ0202", "definition user { relation aaa: user\n permission ccc = (aaa + [bbb]) - [ddd]->aaa }")]
    [InlineData("AZ0202", "definition user { permission aaa = [self] }")]
    [InlineData("AZ0202", "use delegation\ndefinition user { delegable [aaa]\n autonomous [bbb]\n within [ccc] }")]
    [InlineData("AZ0203", "definition [User] {}\ndefinition [us] {}\ndefinition [acme/us] {}\ndefinition acme/user {}")]
    [InlineData("AZ0204", "definition user { relation [ab]: user\n permission [viewer_] = nil\n relation [Aaa]: user }")]
    [InlineData("AZ0205", "definition user { relation aaa: user }\ndefinition [user] { relation bbb: nowhere }")]
    [InlineData("AZ0206", "definition user { relation aaa: user\n permission [aaa] = nil\n relation [aaa]: user }")]
    [InlineData("AZ0207", "use expiration\ndefinition user { relation aaa: user | [user#...] | user with expiration | user:* | [user:*] }")]
    [InlineData("AZ0208", "definition user {}\ndefinition group { relation member: user:* | [group#member] }")]
    [InlineData("AZ0208", "definition user {}\ndefinition group { relation member: user:* }\ndefinition team { relation member: [group#member] }\n" +
        "definition file { relation viewer: team#member }")]
    public void Names_and_types_must_exist_and_be_named_once(string code, string marked) => Marked.Says(code, marked);

    [Theory]
    [InlineData("AZ0301", "definition user { relation aaa: user\n permission bbb = aaa\n permission ccc = [bbb]->bbb }")]
    [InlineData("AZ0302", "definition user { relation aaa: user | user:*\n permission bbb = [aaa]->bbb }")]
    [InlineData("AZ0303", "definition user { relation aaa: user\n permission bbb = [aaa->bbb]->bbb }")]
    [InlineData("AZ0304", "definition user { relation aaa: user\n permission bbb = [(aaa)]->bbb + [nil].all(bbb) }")]
    [InlineData("AZ0305", "definition user { permission [aaa] = bbb\n permission bbb = (ccc)\n permission ccc = aaa\n permission ddd = aaa }")]
    [InlineData("AZ0350", "definition user {}\ndefinition file { relation owner: user | file\n permission view = [owner->edit] }")]
    [InlineData("AZ0351", "definition user { relation aaa: user\n permission bbb = aaa + (aaa & [bbb])\n permission ccc = [ccc] }")]
    public void Permissions_must_make_sense(string code, string marked) => Marked.Says(code, marked);

    [Fact]
    public void An_arrow_from_a_wildcard_behind_a_userset_is_an_error_as_well_as_the_userset()
    {
        Compilation compilation = Compilation.Of(
            "definition user {}\ndefinition group { relation member: user:* }\n" +
            "definition file { relation viewer: group#member\n permission view = viewer->member }");
        Assert.Equal(["AZ0208", "AZ0302"], compilation.Diagnostics.Select(d => d.Code));
    }

    [Theory]
    [InlineData("definition user {}\ndefinition file { relation viewer: usr }", "2:36: error AZ0201: there is no definition `usr` (did you mean `user`?)")]
    [InlineData("definitoin user {}", "1:1: error AZ0105: expected `definition` or `use`, found `definitoin` (did you mean `definition`?)")]
    [InlineData("use epxiration", "1:5: error AZ0108: `epxiration` is not something to `use` (did you mean `expiration`?)")]
    [InlineData("definition user { relation viewer: user\n permission view = veiwer }",
        "2:20: error AZ0202: `user` has no relation or permission `veiwer` (did you mean `viewer`?)")]
    [InlineData("use delegation\ndefinition bot {\n  principal agnet\n}",
        "3:13: error AZ0402: expected `human`, `agent` or `service`, found `agnet` (did you mean `agent`?)")]
    public void A_message_names_line_column_and_the_nearest_name(string text, string expected) =>
        Assert.Equal(expected, Assert.Single(Compilation.Of(text).Diagnostics).ToString());

    [Fact]
    public void What_may_follow_from_an_error_is_not_reported()
    {
        const string Misspelt = "definition user { relatoin viewer: user\n permission view = viewer + unknown }\n";
        Assert.Equal(["AZ0106"], Compilation.Of(Misspelt).Diagnostics.Select(d => d.Code));
        Assert.Equal(["AZ0105"], Compilation.Of("defintion user {}\ndefinition file { relation viewer: user }").Diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void Independent_errors_are_all_reported_in_the_order_of_the_text()
    {
        Compilation compilation = Compilation.Of(
            """
            definition user {
                relation first: user
                relation
                permission second = first + unknown
                permission = nil
                relation third: user user
            }
            stray
            definition team {
                relation member: usr
            }
            """);

        Assert.Null(compilation.Schema);
        Assert.Equal(
            ["3:AZ0104", "5:AZ0104", "6:AZ0111", "8:AZ0105"],
            compilation.Diagnostics.Select(d => $"{d.Position.Line}:{d.Code}"));
    }
}
