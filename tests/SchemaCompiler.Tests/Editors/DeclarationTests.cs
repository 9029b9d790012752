namespace AuthzGraph.SchemaCompiler.Tests.Editors;

/// <summary>From a name to where it is declared, and to every place that means the same. The brackets are the answer.</summary>
public sealed class DeclarationTests
{
    [Theory]
    [InlineData("definition [user] {}\ndefinition doc { relation viewer: us‸er }")]
    [InlineData("definition [acme/user] {}\ndefinition doc { relation viewer: acme/us‸er:* }")]
    [InlineData("definition team { relation [member]: team }\ndefinition doc { relation viewer: team#mem‸ber }")]
    [InlineData("definition doc {\n relation [viewer]: doc\n permission view = (nil + ‸viewer) - nil\n}")]
    [InlineData("definition doc {\n relation viewer: doc\n permission view = viewer\n permission [edit] = nil\n permission all_of = edit‸ & view\n}")]
    [InlineData("definition folder { permission [view] = nil }\ndefinition org { permission [view] = nil; permission edit = nil }\n"
        + "definition user {}\ndefinition doc {\n relation parent: folder | org | user\n permission view = parent->vi‸ew\n}")]
    [InlineData("definition folder { permission [view] = nil }\ndefinition doc {\n relation parent: folder\n permission view = parent.all(‸view)\n}")]
    [InlineData("definition doc {\n relation [parent]: doc\n permission view = paren‸t.any(view)\n}")]
    [InlineData("caveat [weekday](day string) { day != \"\" }\ndefinition user { relation friend: user with week‸day }")]
    [InlineData("caveat weekday([day] string) { other.day != day() && ‸day != \"day\" }")]
    [InlineData("use partial\npartial [viewing] { relation viewer: doc }\ndefinition doc { ...view‸ing }")]
    [InlineData("use partial\npartial viewing { relation [viewer]: doc }\ndefinition doc { ...viewing\n permission view = view‸er }")]
    [InlineData("use partial\npartial seeing { permission view = view‸er }\ndefinition doc { relation [viewer]: doc; ...seeing }\ndefinition file { relation [viewer]: doc; ...seeing }")]
    [InlineData("use typechecking\ndefinition [user] {}\ndefinition doc { permission view: us‸er = nil }")]
    [InlineData("use delegation\ndefinition folder { relation [parent]: folder; within par‸ent }")]
    [InlineData("use delegation\ndefinition doc { relation viewer: doc; permission [view] = viewer; delegable ‸view }")]
    [InlineData("use delegation\ndefinition doc { relation [owner]: doc; permission view = nil; delegable view max hops 2 approval own‸er }")]
    [InlineData("use delegation\ndefinition doc { permission [view] = nil; autonomous ‸view }")]
    public void The_declaration_of_a_name_is_found(string marked)
    {
        Pointed pointed = Pointed.At(marked);
        Assert.Equal(pointed.Show(pointed.Spans), pointed.Show(pointed.Schema.DeclarationsAt(pointed.Offset).OrderBy(place => place.Span.Start)));
    }

    [Theory]
    [InlineData("definition ‸[user] { relation friend: [user] | [user]:* | [user]#friend }\ndefinition user_group {}")]
    [InlineData("definition [user] { relation friend: [us‸er] }")]
    [InlineData("definition doc { relation [viewer]: doc | doc#[viewer]\n permission view = [view‸er] + viewers }\ndefinition file { relation viewer: doc }")]
    [InlineData("definition folder { permission [view] = nil }\ndefinition org { permission view = nil }\n"
        + "definition doc {\n relation parent: folder | org\n permission see = parent->[view]\n}\ndefinition file { relation parent: folder; permission s‸ee = parent->[view] }", "folder")]
    [InlineData("caveat [weekday](day string) { true }\ndefinition user { relation friend: user with [week‸day] | user:* with [weekday] and expiration }")]
    [InlineData("use delegation\ndefinition folder { relation [parent]: folder; within [par‸ent]; permission view = [parent]->view }")]
    public void Every_place_that_means_the_same_is_found(string marked, string? from = null)
    {
        Pointed pointed = Pointed.At(marked);
        int offset = from is null ? pointed.Offset : pointed.Schema.Text.IndexOf("view", StringComparison.Ordinal);
        Assert.Equal(pointed.Show(pointed.Spans), pointed.Show(pointed.Schema.ReferencesAt(offset)));
    }

    [Fact]
    public void A_permission_is_also_named_by_the_relation_that_lends_it()
    {
        Pointed pointed = Pointed.At("""
            use delegation
            definition grant {
                delegation
                relation parent: grant
                relation [view]: folder
            }
            definition folder { permission [view] = nil }
            definition doc {
                within place
                relation place: folder
                permission [‸view] = place->[view]
                delegable [view]
            }
            """.Replace("place->[view]", "place->view"));
        Assert.Equal(pointed.Show(pointed.Spans.Where(s => s.Start != pointed.Schema.Text.LastIndexOf("{ permission view", StringComparison.Ordinal) + 13)),
            pointed.Show(pointed.Schema.ReferencesAt(pointed.Offset)));
    }

    [Theory]
    [InlineData("definition doc { relation viewer: us‸er }")]
    [InlineData("definition doc { permission view = view‸er }")]
    [InlineData("definition doc { rela‸tion viewer: doc }")]
    [InlineData("// us‸er\ndefinition user {}")]
    [InlineData("‸")]
    public void What_means_nothing_is_declared_nowhere(string marked)
    {
        Pointed pointed = Pointed.At(marked);
        Assert.Empty(pointed.Schema.DeclarationsAt(pointed.Offset));
        Assert.Empty(pointed.Schema.ReferencesAt(pointed.Offset));
    }
}
