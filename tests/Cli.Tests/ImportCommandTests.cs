using System.Text.Json;

namespace AuthzGraph.Cli.Tests;

/// <summary><c>schema import</c>: the schema on standard output, what there is to say about it on standard error.</summary>
public sealed class ImportCommandTests : IDisposable
{
    private const string Model = "model\n  schema 1.1\ntype user\ntype document\n  relations\n    define owner: [user]\n    define viewer: [user] or owner\n";
    private const string Schema = "definition user {}\n\ndefinition document {\n    relation owner: user\n    relation viewer_direct: user\n    permission viewer = viewer_direct + owner\n}\n";
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_model_that_translates_is_printed_as_a_schema_with_its_changes_aside()
    {
        string file = _folder.File("model.fga", Model);
        Run run = await Run.OfAsync("schema", "import", "--from", "openfga", file);
        Assert.Equal((0, Schema), (run.Exit, run.Output));
        Assert.Equal($"{file}:7:12: relationships of `document#viewer` are written as `document#viewer_direct`; checks and usersets name `document#viewer`\n", run.Error);
    }

    [Fact]
    public async Task The_schema_can_be_put_into_a_file()
    {
        string file = _folder.File("model.fga", Model);
        Run run = await Run.OfAsync("schema", "import", "--from", "openfga", file, "--out", _folder.PathOf("schema.authz"));
        Assert.Equal((0, $"{_folder.PathOf("schema.authz")}: written\n"), (run.Exit, run.Output));
        Assert.Equal(Schema, File.ReadAllText(_folder.PathOf("schema.authz")));
        Assert.Equal(0, (await Run.OfAsync("schema", "validate", _folder.PathOf("schema.authz"))).Exit);
    }

    [Fact]
    public async Task What_does_not_translate_is_shown_with_its_line_and_nothing_is_written()
    {
        string file = _folder.File("model.fga", Model + "    define reader: owner from viewer\n");
        Run run = await Run.OfAsync("schema", "import", "--from", "openfga", file, "--out", _folder.PathOf("schema.authz"));
        Assert.Equal((1, ""), (run.Exit, run.Output));
        Assert.StartsWith($"{file}:8:31: error AZ0922: `viewer` is computed", run.Error);
        Assert.Contains("\n 8 |     define reader: owner from viewer\n   |                               ^^^^^^\n   = help: ", run.Error);
        Assert.False(File.Exists(_folder.PathOf("schema.authz")));
    }

    [Fact]
    public async Task All_of_it_can_be_had_as_JSON()
    {
        Run run = await Run.OfAsync("schema", "import", "--from", "openfga", "--json", _folder.File("model.fga", Model));
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(Schema, json.RootElement.GetProperty("schema").GetString());
        Assert.Equal("document#viewer_direct", Assert.Single(json.RootElement.GetProperty("changes").EnumerateArray()).GetProperty("writtenAs").GetString());
        Assert.Equal(0, json.RootElement.GetProperty("diagnostics").GetArrayLength());
    }

    [Theory]
    [InlineData("schema", "import", "model.fga")]
    [InlineData("schema", "import", "--from", "elsewhere", "model.fga")]
    [InlineData("schema", "import", "--from", "openfga", "nowhere.fga")]
    public async Task Without_a_file_or_a_language_known_there_is_no_answer(params string[] args) =>
        Assert.Equal((2, ""), await Run.OfAsync(args) is var run ? (run.Exit, run.Output) : default);
}
