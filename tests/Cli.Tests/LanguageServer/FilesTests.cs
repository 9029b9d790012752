using System.Text.Json;

namespace AuthzGraph.Cli.Tests.LanguageServer;

/// <summary>What an editor is told of a schema in several files on disk, some of which are open.</summary>
public sealed class FilesTests : IAsyncLifetime
{
    private const string Schema = "use import\nimport \"people/user.authz\"\nimport \"docs.authz\"\n";
    private const string User = "definition user {}\n";
    private const string Docs = "definition doc {\n relation owner: user\n permission view = owner\n}\n";

    private readonly Folder _folder = new();
    private readonly Editor _editor = Editor.Started();

    public Task InitializeAsync()
    {
        _folder.File("schema.authz", Schema);
        _folder.File("people/user.authz", User);
        _folder.File("docs.authz", Docs);
        _editor.Ask("initialize", new { capabilities = new { }, rootUri = Uri("") });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _editor.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void An_imported_document_means_what_it_means_in_the_whole_schema()
    {
        Assert.Empty(_editor.Open(Uri("docs.authz"), Docs).EnumerateArray());
        JsonElement found = Assert.Single(_editor.Ask("textDocument/definition", At("docs.authz", 1, 19)).EnumerateArray());
        Assert.Equal((Uri("people/user.authz"), "0:11-0:15"), (found.GetProperty("uri").GetString(), MarkedDocument.Show([found])));
    }

    [Fact]
    public void An_import_leads_to_its_file()
    {
        Assert.Empty(_editor.Open(Uri("schema.authz"), Schema).EnumerateArray());
        JsonElement found = Assert.Single(_editor.Ask("textDocument/definition", At("schema.authz", 1, 12)).EnumerateArray());
        Assert.Equal(Uri("people/user.authz"), found.GetProperty("uri").GetString());
    }

    [Fact]
    public void What_is_typed_in_one_document_is_wrong_in_another()
    {
        _editor.Open(Uri("docs.authz"), Docs);
        _editor.Open(Uri("people/user.authz"), User);
        _editor.Change(Uri("people/user.authz"), 2, "definition person {}\n");
        Assert.Equal("AZ0201", Assert.Single(_editor.Diagnostics(Uri("docs.authz"), 1).EnumerateArray()).GetProperty("code").GetString());
        _editor.Change(Uri("people/user.authz"), 3, User);
        Assert.Empty(_editor.Diagnostics(Uri("docs.authz"), 1).EnumerateArray());
    }

    [Fact]
    public void Closing_a_document_leaves_what_was_saved()
    {
        _editor.Open(Uri("docs.authz"), Docs);
        _editor.Open(Uri("people/user.authz"), "definition person {}");
        Assert.NotEmpty(_editor.Diagnostics(Uri("docs.authz"), 1).EnumerateArray());
        _editor.Tell("textDocument/didClose", new { textDocument = new { uri = Uri("people/user.authz") } });
        Assert.Empty(_editor.Diagnostics(Uri("docs.authz"), 1).EnumerateArray());
    }

    [Fact]
    public void Saving_looks_at_the_disk_again()
    {
        _editor.Open(Uri("docs.authz"), Docs);
        _folder.File("people/user.authz", "definition person {}");
        _editor.Tell("textDocument/didSave", new { textDocument = new { uri = Uri("docs.authz") } });
        Assert.NotEmpty(_editor.Diagnostics(Uri("docs.authz"), 1).EnumerateArray());
    }

    [Fact]
    public void Renaming_changes_the_files_that_are_open_and_those_that_are_not()
    {
        _editor.Open(Uri("people/user.authz"), User);
        JsonElement edit = _editor.Ask("textDocument/rename", new { textDocument = new { uri = Uri("people/user.authz") }, position = new { line = 0, character = 12 }, newName = "person" });
        Assert.Equal("0:11-0:15", MarkedDocument.Show(edit.GetProperty("changes").GetProperty(Uri("people/user.authz")).EnumerateArray()));
        Assert.Equal("1:17-1:21", MarkedDocument.Show(edit.GetProperty("changes").GetProperty(Uri("docs.authz")).EnumerateArray()));
    }

    [Fact]
    public void A_document_that_nothing_imports_stands_alone()
    {
        Assert.Equal("AZ0201", Assert.Single(_editor.Open(Uri("other.authz"), Docs).EnumerateArray()).GetProperty("code").GetString());
        Assert.Equal("AZ0605", Assert.Single(_editor.Open("untitled:one", "use import\nimport \"docs.authz\"").EnumerateArray()).GetProperty("code").GetString());
    }

    private object At(string file, int line, int character) => new { textDocument = new { uri = Uri(file) }, position = new { line, character } };

    private string Uri(string file) => new Uri(_folder.PathOf(file)).AbsoluteUri;
}
