using AuthzGraph.SchemaCompiler.Editing;

namespace AuthzGraph.SchemaCompiler.Tests.Editors;

/// <summary>What an editor is told of a schema in several files, from whichever of them is asked.</summary>
public sealed class FilesTests
{
    private const string Files = """
        use import
        import "people/people.authz"
        import "docs.authz"
        // people/people.authz:use import
        import "team.authz"
        definition user {}
        // people/team.authz:definition team { relation member: user }
        // docs.authz:use partial
        // May see.
        partial viewing { permission view = viewer }
        definition doc {
            relation viewer: user | team#member
            ...viewing
        }
        """;

    private static readonly EditedSchema Schema = Edited(Files);

    [Theory]
    [InlineData("docs.authz", "user |", "people/people.authz `user`")]
    [InlineData("docs.authz", "member", "people/team.authz `member`")]
    [InlineData("people/team.authz", "user }", "people/people.authz `user`")]
    [InlineData("docs.authz", "viewer }", "docs.authz `viewer`")]
    [InlineData("schema.authz", "people/people", "people/people.authz ``")]
    [InlineData("people/people.authz", "team.authz", "people/team.authz ``")]
    public void A_name_leads_to_its_declaration_in_another_file(string file, string at, string declared) =>
        Assert.Equal(declared, Show(File(file).DeclarationsAt(Offset(file, at))));

    [Fact]
    public void A_name_leads_to_its_uses_in_all_files() => Assert.Equal(
        "people/people.authz `user`, people/team.authz `user`, docs.authz `user`",
        Show(File("people/team.authz").ReferencesAt(Offset("people/team.authz", "user }"))));

    [Fact]
    public void Renaming_changes_all_files() => Assert.Equal(
        "people/team.authz `member`, docs.authz `member`",
        Show(Assert.IsType<SchemaRename.Done>(File("docs.authz").RenameAt(Offset("docs.authz", "member"), "lead")).Places));

    [Fact]
    public void A_name_that_another_file_has_is_taken() =>
        Assert.Equal("the name `doc` is taken", Assert.IsType<SchemaRename.Refused>(File("people/people.authz").RenameAt(Offset("people/people.authz", "user {}"), "doc")).Why);

    [Fact]
    public void What_other_files_declare_is_offered_and_only_what_the_file_uses()
    {
        EditedSchema typing = Edited(Files.Replace("relation viewer: user | team#member", "relation viewer: "));
        EditedFile docs = typing.Find("docs.authz") ?? throw new InvalidOperationException();
        Assert.Equal("team user doc", string.Join(' ', docs.CompletionsAt(docs.Text.IndexOf("viewer: ", StringComparison.Ordinal) + 8).Select(c => c.Text)));
        Assert.Equal("definition caveat partial", string.Join(' ', docs.CompletionsAt(docs.Text.Length).Select(c => c.Text)));
        Assert.Equal("definition caveat", string.Join(' ', File("people/team.authz").CompletionsAt(File("people/team.authz").Text.Length).Select(c => c.Text)));
    }

    [Fact]
    public void Each_file_has_its_own_outline_and_hovers()
    {
        Assert.Equal(["viewing 17", "doc 62"], File("docs.authz").Outline.Select(item => $"{item.Name} {item.Span.Start - 7}"));
        Hover hover = File("docs.authz").HoverAt(Offset("docs.authz", "view = ")) ?? throw new InvalidOperationException();
        Assert.Equal("```authzgraph\n// partial viewing\npermission view = viewer\n```\n\nSubjects that can have it: `user`", hover.Markdown);
        Assert.Equal("view", File("docs.authz").Text.Substring(hover.Span.Start, hover.Span.Length));
    }

    [Fact]
    public void Each_file_has_its_own_mistakes()
    {
        EditedSchema wrong = Edited(Files.Replace("relation member: user", "relation member: usr"));
        Assert.Empty(wrong.First.Diagnostics);
        Diagnostic mistake = Assert.Single((wrong.Find("people/team.authz") ?? wrong.First).Diagnostics);
        Assert.Equal(("AZ0201", 35), (mistake.Code, mistake.Span.Start));
        Assert.Null(wrong.Find("nowhere.authz"));
    }

    private static EditedSchema Edited(string files)
    {
        MemoryFolder folder = new(files);
        return new EditedSchema(new SchemaFile("schema.authz", folder["schema.authz"]), folder);
    }

    private static EditedFile File(string path) => Schema.Find(path) ?? throw new InvalidOperationException($"no {path}");

    private static int Offset(string file, string at)
    {
        int offset = File(file).Text.IndexOf(at, StringComparison.Ordinal);
        Assert.True(offset >= 0);
        return offset;
    }

    private static string Show(IEnumerable<FileSpan> places) =>
        string.Join(", ", places.Select(place => $"{place.File} `{File(place.File).Text.Substring(place.Span.Start, place.Span.Length)}`"));
}
