using System.Text.Json;
using AuthzGraph.Graph;
using AuthzGraph.Server.Hosting;

namespace AuthzGraph.Cli.Tests;

/// <summary>A schema of three files, in every command that takes one.</summary>
public sealed class SchemaFilesTests : IDisposable
{
    private const string Together = """
        use expiration

        // people
        definition user {}

        definition team {
            relation member: user
        }

        definition document {
            relation viewer: user with expiration | team#member
            permission view = viewer
        }

        """;

    private readonly Folder _folder = new();
    private readonly string _schema;

    public SchemaFilesTests()
    {
        _schema = _folder.File("schema.authz", """
            use import
            use expiration
            import "people/all.authz"
            definition document {
                relation viewer: user with expiration | team#member
                permission view = viewer
            }
            """);
        _folder.File("people/all.authz", "use import\nimport \"user.authz\"\ndefinition team { relation member: user }\n");
        _folder.File("people/user.authz", "// people\ndefinition user {}\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Composing_prints_the_one_text_that_they_are()
    {
        Assert.Equal((0, Together), await Outcome("schema", "compose", _schema));
        Assert.Equal((0, ""), await Outcome("schema", "compose", _schema, "--out", _folder.PathOf("together.authz")));
        Assert.Equal(Together, File.ReadAllText(_folder.PathOf("together.authz")));
        using JsonDocument json = JsonDocument.Parse((await Run.OfAsync("schema", "compose", _schema, "--json")).Output);
        Assert.Equal(Together, json.RootElement.GetProperty("schema").GetString());
        Assert.Equal((0, $"{_schema}: no problems\n"), await Outcome("schema", "validate", _schema));
    }

    [Fact]
    public async Task A_mistake_in_an_imported_file_is_shown_there()
    {
        string people = _folder.File("people/all.authz", "use import\nimport \"user.authz\"\n\ndefinition team { relation member: usr }\n");
        string shown = $$"""
            {{people}}:4:36: error AZ0201: there is no definition `usr`
             4 | definition team { relation member: usr }
               |                                    ^^^
               = help: did you mean `user`?

            1 error, 0 warnings

            """;
        Assert.Equal((1, shown), await Outcome("schema", "validate", _schema));
        foreach (string[] command in (string[][])[["compose", _schema], ["graph", _schema], ["write", _schema], ["diff", _schema], ["diff", _schema, _schema]])
        {
            Run run = await Run.OfAsync(["schema", .. command]);
            Assert.Equal((1, "", shown), (run.Exit, run.Output, run.Error));
        }
    }

    [Fact]
    public async Task What_two_schemas_import_is_shown_once()
    {
        string other = _folder.File("other.authz", "use import\nimport \"people/all.authz\"\n");
        _folder.File("people/user.authz", "definition user { relation the_user: user }\n");
        Run run = await Run.OfAsync("schema", "validate", _schema, other);
        Assert.EndsWith("0 errors, 1 warning\n", run.Output);
    }

    [Fact]
    public async Task A_link_that_leads_out_of_the_folder_is_not_followed()
    {
        using Folder elsewhere = new();
        string secret = elsewhere.File("secret.authz", "definition user {}\n");
        File.Delete(_folder.PathOf("people/user.authz"));
        File.CreateSymbolicLink(_folder.PathOf("people/user.authz"), secret);
        Assert.Contains("people/all.authz:2:8: error AZ0606", (await Run.OfAsync("schema", "validate", _schema)).Output);

        Directory.Delete(_folder.PathOf("people"), recursive: true);
        Directory.CreateSymbolicLink(_folder.PathOf("people"), Path.GetDirectoryName(secret) ?? "");
        elsewhere.File("all.authz", "definition team { relation member: user }\n");
        Run run = await Run.OfAsync("schema", "validate", _schema);
        Assert.Contains("schema.authz:3:8: error AZ0606", run.Output);
        Assert.DoesNotContain("definition team", run.Output);
    }

    [Fact]
    public async Task A_link_within_the_folder_is_followed()
    {
        File.Move(_folder.PathOf("people/user.authz"), _folder.PathOf("person.authz"));
        File.CreateSymbolicLink(_folder.PathOf("people/user.authz"), "../person.authz");
        Directory.CreateSymbolicLink(_folder.PathOf("here"), ".");
        Assert.Equal((0, Together), await Outcome("schema", "compose", _folder.PathOf("here/schema.authz")));
    }

    [Fact]
    public async Task An_imported_file_longer_than_any_schema_is_refused()
    {
        _folder.File("people/user.authz", new string('\n', 5 << 20));
        Assert.Contains("people/all.authz:2:8: error AZ0612", (await Run.OfAsync("schema", "validate", _schema)).Output);
    }

    [Fact]
    public async Task Formatting_keeps_imports()
    {
        Assert.Equal((0, """
            use import
            use expiration

            import "people/all.authz"

            definition document {
                relation viewer: user with expiration | team#member
                permission view = viewer
            }

            """), await Outcome("schema", "format", _schema));
    }

    [Fact]
    public async Task A_diff_is_of_all_files()
    {
        string old = _folder.File("old/schema.authz", Together);
        Assert.Equal((0, "nothing changes\n"), await Outcome("schema", "diff", old, _schema));
        _folder.File("people/user.authz", "definition user {}\ndefinition robot {}\n");
        Assert.Contains("definition `robot`", (await Run.OfAsync("schema", "diff", old, _schema)).Output);
    }

    [Fact]
    public async Task A_server_is_sent_one_text()
    {
        await using ServerHost host = await ServerHost.StartAsync(new ServerOptions { Storage = new StorageLocation.Memory(), GrpcPort = 0, HttpPort = 0 });
        string[] server = ["--server", host.GrpcAddress.ToString()];
        Run written = await Run.OfAsync(["schema", "write", _schema, .. server]);
        Assert.Equal((0, ""), (written.Exit, written.Error));
        Assert.StartsWith($"wrote {_schema}", written.Output);
        Assert.Equal((0, Together), await Outcome(["schema", "read", .. server]));
        Assert.Equal((0, "nothing changes\n"), await Outcome(["schema", "diff", _schema, .. server]));
    }

    [Fact]
    public async Task Tests_take_them_from_a_file_and_in_place()
    {
        const string Rest = "relationships: document:readme#viewer@user:ann[expiration:2100-01-01T00:00:00Z]\nassertions:\n  assertTrue: [ 'document:readme#view@user:ann' ]\n";
        Assert.Equal(0, (await Run.OfAsync("test", _folder.File("file.yaml", "schemaFile: schema.authz\n" + Rest))).Exit);
        string inPlace = _folder.File("in-place.yaml", $"schema: |\n  {File.ReadAllText(_schema).Replace("\n", "\n  ")}\n{Rest}");
        Assert.Equal(0, (await Run.OfAsync("test", inPlace)).Exit);

        _folder.File("people/user.authz", "definition user {\n  relation friend: usr\n}\n");
        Run run = await Run.OfAsync("test", inPlace);
        Assert.StartsWith($"{_folder.PathOf("people/user.authz")}:2:20: error AZ0201", run.Output);
    }

    private static async Task<(int, string)> Outcome(params string[] args) => (await Run.OfAsync(args)) is var run ? (run.Exit, run.Output) : default;
}
