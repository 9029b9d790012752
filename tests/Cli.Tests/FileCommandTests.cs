using System.Text.Json;

namespace AuthzGraph.Cli.Tests;

/// <summary>The commands that need no server.</summary>
public sealed class FileCommandTests : IDisposable
{
    private const string Good = "definition user {}\n\ndefinition document {\n    relation viewer: user\n    permission view = viewer\n}\n";
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_schema_without_mistakes_has_no_problems()
    {
        string file = _folder.File("good.authz", Good);
        Run run = await Run.OfAsync("schema", "validate", file);
        Assert.Equal((0, $"{file}: no problems\n"), (run.Exit, run.Output));
    }

    [Fact]
    public async Task A_mistake_is_shown_with_its_line_underlined_and_help()
    {
        string file = _folder.File("bad.authz", Good.Replace("= viewer", "= viewr"));
        Run run = await Run.OfAsync("schema", "validate", file);
        Assert.Equal(1, run.Exit);
        Assert.StartsWith($"{file}:5:23: error AZ", run.Output);
        Assert.Contains("\n 5 |     permission view = viewr\n   |                       ^^^^^\n   = help: ", run.Output);
        Assert.Contains("`viewer`", run.Output);
        Assert.EndsWith("1 error, 0 warnings\n", run.Output);
    }

    [Fact]
    public async Task A_tab_before_a_mistake_keeps_the_underline_in_place()
    {
        Run run = await Run.OfAsync("schema", "validate", _folder.File("tab.authz", "definition user {}\ndefinition document {\n\trelation viewer: usr\n}\n"));
        Assert.Contains("\n 3 | \trelation viewer: usr\n   | \t                 ^^^\n", run.Output);
    }

    [Fact]
    public async Task Mistakes_can_be_had_as_JSON()
    {
        string file = _folder.File("bad.authz", Good.Replace("= viewer", "= viewr"));
        Run run = await Run.OfAsync("schema", "validate", file, "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement diagnostic = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal((file, 5, "error"), (diagnostic.GetProperty("file").GetString(), diagnostic.GetProperty("position").GetProperty("line").GetInt32(), diagnostic.GetProperty("severity").GetString()));
    }

    [Fact]
    public async Task Formatting_prints_the_canonical_form_and_can_write_it()
    {
        string file = _folder.File("loose.authz", "definition user{}\ndefinition document{relation viewer:user#...\npermission view=viewer}");
        Run printed = await Run.OfAsync("schema", "format", file);
        Assert.Equal((0, Good), (printed.Exit, printed.Output));
        Assert.Equal($"{file}: formatted\n", (await Run.OfAsync("schema", "format", file, "--write")).Output);
        Assert.Equal(Good, File.ReadAllText(file));
        Assert.Equal($"{file}: was in canonical form already\n", (await Run.OfAsync("schema", "format", "-w", file)).Output);
    }

    [Fact]
    public async Task Formatting_what_cannot_be_read_changes_nothing_and_says_why()
    {
        string file = _folder.File("bad.authz", "definition user {");
        Run run = await Run.OfAsync("schema", "format", file, "--write");
        Assert.Equal((1, ""), (run.Exit, run.Output));
        Assert.StartsWith($"{file}:1:", run.Error);
        Assert.Equal("definition user {", File.ReadAllText(file));
    }

    [Fact]
    public async Task Tests_that_pass_are_counted()
    {
        string file = Validation("assertTrue: [ 'document:readme#view@user:ann' ]");
        Run run = await Run.OfAsync("test", file);
        Assert.Equal((0, $"✓ {file} 1 of 1 passed\n1 passed, 0 failed\n"), (run.Exit, run.Output));
        Assert.Contains("✓ document:readme#view@user:ann PERMITTED", (await Run.OfAsync("test", "--verbose", file)).Output);
    }

    [Fact]
    public async Task Tests_that_fail_say_what_was_expected_and_what_came_out()
    {
        string file = Validation("assertFalse: [ 'document:readme#view@user:ann' ]");
        Run run = await Run.OfAsync("test", file);
        Assert.Equal(1, run.Exit);
        Assert.Contains("expected  DENIED\n      came out  PERMITTED\n", run.Output);
        Assert.Contains("proof: document:readme#viewer@user:ann", run.Output);
        Assert.EndsWith("0 passed, 1 failed\n", run.Output);
    }

    [Fact]
    public async Task A_file_that_cannot_be_run_counts_as_a_failure_and_shows_the_line()
    {
        string file = _folder.File("broken.yaml", "schema: definition user {}\nasertions: {}\n");
        Run run = await Run.OfAsync("test", file, Validation("assertTrue: [ 'document:readme#view@user:ann' ]"));
        Assert.Equal(1, run.Exit);
        Assert.StartsWith($"{file}:2:1: error: a validation file has no key `asertions`\n 2 | asertions: {{}}\n   | ^^^^^^^^^\n   = help: did you mean `assertions`?\n", run.Output);
        Assert.EndsWith("1 passed, 1 failed\n", run.Output);
    }

    [Fact]
    public async Task Test_results_can_be_had_as_JSON()
    {
        Run run = await Run.OfAsync("test", "--json", Validation("assertFalse: [ 'document:readme#view@user:ann' ]"));
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal((1, 1), (run.Exit, json.RootElement.GetProperty("failed").GetInt32()));
        Assert.Equal("PERMITTED", json.RootElement.GetProperty("files")[0].GetProperty("results")[0].GetProperty("actual").GetString());
    }

    [Theory]
    [InlineData("there is no file", "test", "nowhere.yaml")]
    [InlineData("there is no file", "schema", "validate", "nowhere.authz")]
    [InlineData("error IO: . is a directory, not a file", "schema", "validate", ".")]
    [InlineData("error IO: . is a directory, not a file", "store", "load", ".")]
    [InlineData("error USAGE: --chunk is at least 1", "store", "load", "nowhere.txt", "--chunk", "0")]
    [InlineData("error USAGE: --chunk is at least 1", "relationship", "import", "nowhere.txt", "--chunk", "0")]
    [InlineData("Required argument missing", "check", "document:readme")]
    [InlineData("`chek` is no command or option here", "chek")]
    [InlineData("--data DIR, or --memory", "serve")]
    [InlineData("no server address", "schema", "read", "--server", "localhost")]
    [InlineData("is not a valid resource", "check", "readme", "view", "user:ann")]
    [InlineData("is no filter", "relationship", "read", "Document")]
    [InlineData("there is nothing to do", "relationship", "write")]
    [InlineData("did not answer", "schema", "read", "--server", "http://127.0.0.1:1")]
    public async Task What_cannot_be_done_is_one_line_and_exit_code_2(string message, params string[] args)
    {
        Run run = await Run.OfAsync(args);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.StartsWith("error ", run.Error);
        Assert.Contains(message, run.Error);
    }

    [Fact]
    public async Task Without_arguments_it_says_what_it_can_do() => Assert.Contains("relationship", (await Run.OfAsync()).Output);

    private string Validation(string assertions) => _folder.File("ok.yaml",
        $"schema: |\n  {Good.TrimEnd().Replace("\n", "\n  ")}\nrelationships: document:readme#viewer@user:ann\nassertions:\n  {assertions}\n");
}
