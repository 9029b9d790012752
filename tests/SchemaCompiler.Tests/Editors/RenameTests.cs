namespace AuthzGraph.SchemaCompiler.Tests.Editors;

/// <summary>Renaming changes every place that means the same, and nothing's meaning. The brackets are what changes.</summary>
public sealed class RenameTests
{
    [Theory]
    [InlineData("definition [us‸er] { relation friend: [user] | [user]#friend }", "person")]
    [InlineData("definition [acme/doc] { relation parent: [acme/doc‸] }", "acme/sheets/page")]
    [InlineData("definition user {}\ndefinition doc {\n // who may see: viewer\n relation [viewer]: user\n permission view = [viewer‸]\n permission edit = [viewer] & view\n}\n"
        + "definition team { relation viewer: user | doc#[viewer] }", "reader")]
    [InlineData("caveat [night](hour int) { hour > 20 }\ndefinition user { relation friend: user with [ni‸ght] }", "Late_2")]
    [InlineData("use partial\npartial [sha‸red] { relation owner: doc }\ndefinition doc { ...[shared] }", "common")]
    [InlineData("use partial\npartial shared { relation [owner]: doc; permission view = [ow‸ner] }\ndefinition doc { ...shared\n permission edit = [owner] }", "holder")]
    [InlineData("use delegation\ndefinition doc { relation [owner]: doc; permission view = nil; delegable view, [owner‸] approval [owner] }", "holder")]
    public void Every_use_is_renamed(string marked, string name)
    {
        Pointed pointed = Pointed.At(marked);
        string expected = pointed.Spans.Reverse().Aggregate(pointed.Schema.Text, (text, place) => text.Remove(place.Start, place.Length).Insert(place.Start, name));
        Assert.Equal(expected, pointed.Renamed(name));
    }

    [Fact]
    public void What_an_arrow_asks_by_one_name_is_renamed_on_every_type()
    {
        Pointed pointed = Pointed.At("definition org { permission view = nil }\ndefinition folder { relation parent: folder | org\n permission vi‸ew = parent->view }");
        Assert.Equal("definition org { permission see = nil }\ndefinition folder { relation parent: folder | org\n permission see = parent->see }", pointed.Renamed("see"));
    }

    [Fact]
    public void What_hops_lend_is_renamed_with_the_permission()
    {
        string delegation = Samples.Delegation;
        Pointed pointed = Pointed.At(delegation.Replace("permission edit", "permission ‸edit"));
        string renamed = pointed.Renamed("editing");
        Assert.Contains("relation editing: document ", renamed);
        Assert.Contains("delegable editing max hops", renamed);
        Assert.Equal(SchemaText.Of(Compiled(delegation)), SchemaText.Of(Compiled(renamed)).Replace("editing", "edit"));
    }

    [Theory]
    [InlineData("definition doc { relation ow‸ner: doc }", "Owner", "not a valid name of a relation or permission")]
    [InlineData("definition doc { relation ow‸ner: doc }", "nil", "`nil` is a keyword")]
    [InlineData("definition do‸c {}", "dc", "not a valid name of a definition")]
    [InlineData("definition do‸c {}", "acme/caveat", "`caveat` is a keyword")]
    [InlineData("caveat nig‸ht(hour int) { hour > 20 }", "late night", "not a valid name of a caveat")]
    [InlineData("definition do‸c {}\ndefinition file {}", "file", "the name `file` is taken")]
    [InlineData("definition do‸c {}\ncaveat night(hour int) { hour > 20 }", "night", "the name `night` is taken")]
    [InlineData("definition doc { relation ow‸ner: doc; permission view = nil }", "view", "`doc` already has a relation or permission `view`")]
    [InlineData("definition org { permission view = nil; permission see = nil }\ndefinition doc { relation parent: doc | org; permission vi‸ew = parent->view }", "see", "`org` already has")]
    [InlineData("use partial\npartial shared { relation ow‸ner: doc }\ndefinition doc { ...shared\n relation holder: doc }", "holder", "`doc` already has")]
    [InlineData("use delegation\ndefinition user { principal human; relation suspended‸_by: user }", "stopped_by", "a role fixes the name of `user#suspended_by`")]
    [InlineData("use delegation\ndefinition job { task; relation opened_by: job; permission view = opened‸_by }", "opener", "a role fixes the name of `job#opened_by`")]
    [InlineData("use delegation\ndefinition bot { principal agent; relation sponsor: bot; relation ow‸ner: bot }", "suspended_by", "`suspended_by` has a fixed meaning in `bot`")]
    [InlineData("definition doc { permission view = ow‸ner }", "owners", "this name means nothing")]
    [InlineData("caveat night(ho‸ur int) { hour > 20 }", "time", "callers give `hour` by its name")]
    [InlineData("use expiration\ncaveat nig‸ht(hour int) { hour > 20 }\ndefinition user { relation friend: user with night }", "expiration", "is a keyword")]
    [InlineData("definition ‸ {}", "time", "there is no name here")]
    public void What_cannot_be_renamed_says_why(string marked, string name, string why) => Assert.Contains(why, Pointed.At(marked).Renamed(name));

    [Theory]
    [InlineData("definition org { permission vi‸ew = nil }\ndefinition doc { relation parent: doc | org; permission edit = parent->edit }", "edit")]     // an arrow would find it
    [InlineData("definition doc { relation ow‸ner: doc; permission view = holder }", "holder")]     // what means nothing would mean it
    public void A_name_that_would_change_what_another_means_is_refused(string marked, string name) =>
        Assert.Contains("would mean something else", Pointed.At(marked).Renamed(name));

    [Fact]
    public void A_roles_relation_may_be_renamed_where_the_role_is_only_a_word() =>
        Assert.Equal("definition doc { relation helper: doc }", Pointed.At("definition doc { relation spon‸sor: doc }").Renamed("helper"));

    private static CompiledSchema Compiled(string text)
    {
        Compilation compilation = Compilation.Of(text);
        return compilation.Schema ?? throw new InvalidOperationException(string.Join('\n', compilation.Diagnostics));
    }
}
