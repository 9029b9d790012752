namespace AuthzGraph.SchemaCompiler.Tests.Editors;

/// <summary>What is offered at <c>‸</c>, while the rest is not written yet.</summary>
public sealed class CompletionTests
{
    private const string Doc = "definition user {}\ndefinition team { relation member: user; permission lead = member }\ndefinition doc {\n relation owner: user\n relation parent: team | doc\n permission view = owner\n ";

    [Theory]
    [InlineData("‸", "definition caveat use")]
    [InlineData("def‸", "definition caveat use")]
    [InlineData("definition user {}\n‸", "definition caveat")]
    [InlineData("use partial\n‸", "definition caveat partial use")]
    [InlineData("use ‸", "delegation expiration import partial self typechecking")]
    [InlineData("use self\nuse de‸\ndefinition user {}", "delegation expiration import partial typechecking")]
    public void The_top_level_offers_its_words(string marked, string offered) => Assert.Equal(offered, Pointed.At(marked).Offered);

    [Theory]
    [InlineData("‸", "relation permission")]
    [InlineData("rel‸", "relation permission")]
    [InlineData("rel‸\n relation viewer: user", "relation permission")]
    [InlineData("relation viewer: ‸", "user team doc")]
    [InlineData("relation viewer: us‸", "user team doc")]
    [InlineData("relation viewer: user | ‸\n permission edit = owner", "user team doc")]
    [InlineData("relation viewer: user |\n ‸", "user team doc")]
    [InlineData("relation viewer: team#‸", "member lead")]
    [InlineData("relation viewer: team#me‸ | user", "member lead")]
    [InlineData("relation viewer: user ‸", "with")]
    [InlineData("relation viewer: user:* ‸", "with")]
    [InlineData("relation viewer: user with night ‸", "and")]
    [InlineData("relation viewer: user with ‸", "")]
    [InlineData("relation ‸", "")]
    [InlineData("permission edit = ‸", "owner parent view nil")]
    [InlineData("permission edit = owner + (vi‸", "owner parent view nil")]
    [InlineData("permission edit = owner -\n  ‸\n permission see = view", "owner parent view see nil")]
    [InlineData("permission edit = owner ‸", "")]
    [InlineData("permission edit = parent->‸", "lead view edit member owner parent")]
    [InlineData("permission edit = owner + parent->le‸ }\ndefinition other {}", "lead view edit member owner parent")]
    [InlineData("permission edit = owner->‸", "")]
    [InlineData("permission edit = parent.‸", "any all")]
    [InlineData("permission edit = parent.all(‸", "lead view edit member owner parent")]
    [InlineData("permission edit: ‸", "user team doc")]
    [InlineData("// relation viewer: ‸", "")]
    [InlineData("relation viewer: /* ‸", "")]
    [InlineData("relation viewer: /* all */ ‸", "user team doc")]
    [InlineData("relation viewer: user // all\n ‸", "relation permission")]
    public void A_definition_offers_what_fits(string member, string offered) => Assert.Equal(offered, Pointed.At(Doc + member + "\n}\n").Offered);

    [Theory]
    [InlineData("use expiration\ncaveat night(hour int) { hour > 20 }\ndefinition user { relation friend: user with ‸ }", "night expiration")]
    [InlineData("use expiration\ncaveat night(hour int) { hour > 20 }\ndefinition user { relation friend: user with night and ‸ }", "expiration")]
    [InlineData("use self\ndefinition user { permission view = ‸ }", "nil self")]
    [InlineData("caveat night(‸", "")]
    [InlineData("caveat night(hour ‸", "any bool string int uint double bytes duration timestamp ipaddress list map")]
    [InlineData("caveat night(hour int, days list<‸", "any bool string int uint double bytes duration timestamp ipaddress list map")]
    [InlineData("caveat night(hour int, days list<string>) { ho‸ }", "hour days")]
    [InlineData("caveat night(hour int) {‸}", "hour")]
    [InlineData("use partial\npartial shared { relation owner: user }\ndefinition user {\n ...‸\n}", "shared")]
    [InlineData("use partial\ndefinition user {\n ‸\n}", "relation permission ...")]
    [InlineData("definition acme/user {}\ndefinition acme/doc { relation owner: acme/‸ }", "acme/user acme/doc")]
    public void What_a_use_line_turns_on_is_offered(string marked, string offered) => Assert.Equal(offered, Pointed.At(marked).Offered);

    [Theory]
    [InlineData("definition user {\n ‸\n}", "relation permission principal task delegation within delegable autonomous domain")]
    [InlineData("definition user {\n principal human\n domain ai\n ‸\n}", "relation permission within delegable autonomous")]
    [InlineData("definition user {\n principal ‸\n}", "human agent service")]
    [InlineData("definition user {\n domain ‸\n}", "application infrastructure data ai")]
    [InlineData("definition bot {\n principal agent\n relation ‸\n}", "sponsor suspended_by")]
    [InlineData("definition job {\n task\n relation opened_by: job\n relation ‸\n}", "closed_by parent")]
    [InlineData("definition hop {\n delegation\n relation ‸\n}\ndefinition doc { permission view = nil; permission edit = nil; delegable view }", "delegator delegate parent task onward approver revoked_by view")]
    [InlineData("definition doc {\n relation parent: doc\n permission view = nil\n within ‸\n}", "parent")]
    [InlineData("definition doc {\n relation parent: doc\n permission view = nil\n delegable ‸\n}", "view parent *")]
    [InlineData("definition doc {\n relation parent: doc\n permission view = nil\n delegable view, ‸\n}", "view parent")]
    [InlineData("definition doc {\n relation parent: doc\n permission view = nil\n autonomous ‸\n}", "view parent")]
    [InlineData("definition doc {\n permission view = nil\n delegable view ‸\n}", "max hops max ttl approval")]
    [InlineData("definition doc {\n permission view = nil\n delegable view max ‸\n}", "hops ttl")]
    [InlineData("definition doc {\n permission view = nil\n delegable view max hops ‸\n}", "")]
    [InlineData("definition doc {\n permission view = nil\n delegable view max hops 2 ‸\n}", "max hops max ttl approval")]
    [InlineData("definition doc {\n permission view = nil\n delegable view max hops 2 approval ‸\n}", "view")]
    public void Delegation_offers_its_clauses_and_names(string marked, string offered) => Assert.Equal(offered, Pointed.At("use delegation\n" + marked).Offered);

    [Fact]
    public void The_whole_word_before_the_cursor_is_replaced()
    {
        Pointed pointed = Pointed.At("definition acme/user {}\ndefinition acme/doc { relation owner: acme/us‸x }");
        TextSpan replaced = pointed.Schema.CompletionsAt(pointed.Offset)[0].Replaces;
        Assert.Equal("acme/us", pointed.Schema.Text.Substring(replaced.Start, replaced.Length));
    }

    [Fact]
    public void A_member_is_offered_with_its_declaration_and_comment()
    {
        Pointed pointed = Pointed.At("definition doc {\n // who made it\n relation owner: doc\n permission view = ‸\n}");
        Assert.Equal(("relation owner: doc", "who made it"), (pointed.Schema.CompletionsAt(pointed.Offset)[0].Detail, pointed.Schema.CompletionsAt(pointed.Offset)[0].Help));
    }

    [Fact]
    public void Behind_an_arrow_stands_which_types_have_the_name()
    {
        Pointed pointed = Pointed.At("definition org { permission view = nil }\ndefinition doc { relation parent: doc | org\n permission view = parent->‸ }");
        Assert.Equal(["view: on doc, org", "parent: on doc"], pointed.Schema.CompletionsAt(pointed.Offset).Select(c => $"{c.Text}: {c.Detail}"));
    }
}
