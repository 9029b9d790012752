using System.Text.Json;
using AuthzGraph.Graph;
using AuthzGraph.Server.Hosting;

namespace AuthzGraph.Cli.Tests;

/// <summary>The commands that speak to a server, against one that runs in this process on ports of its own.</summary>
public sealed class ServerCommandTests : IAsyncLifetime
{
    private readonly Folder _folder = new();
    private ServerHost? _host;
    private string _server = "";

    public async Task InitializeAsync()
    {
        _host = await ServerHost.StartAsync(new ServerOptions { Storage = new StorageLocation.Memory(), GrpcPort = 0, HttpPort = 0 });
        _server = _host.GrpcAddress.ToString();
        Assert.Equal(0, (await RunAsync("schema", "write", Example("agent-tasks/schema.authz"))).Exit);
        Assert.Equal(0, (await RunAsync("relationship", "write", "--file", Example("agent-tasks/relationships.txt"))).Exit);
        Assert.Equal(0, (await RunAsync("relationship", "write", "--file", Example("agent-tasks/walkthrough.txt"))).Exit);
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_schema_comes_back_as_it_was_written()
    {
        Run run = await RunAsync("schema", "read");
        Assert.Equal((0, File.ReadAllText(Example("agent-tasks/schema.authz"))), (run.Exit, run.Output));
    }

    [Fact]
    public async Task Health_says_by_its_exit_code_whether_the_server_serves()
    {
        Run run = await RunAsync("health");
        Assert.Equal((0, "serving\n"), (run.Exit, run.Output));
        Assert.Equal(2, (await Run.OfAsync("health", "--server", "http://127.0.0.1:1")).Exit);
    }

    [Fact]
    public async Task Stores_are_made_chosen_listed_and_deleted()
    {
        Assert.Equal((0, "made the store acme\n"), (await RunAsync("store", "create", "acme")) is var made ? (made.Exit, made.Output) : default);
        Assert.Equal("acme\ndefault\n", (await RunAsync("store", "list")).Output);
        Assert.Contains("NO_SCHEMA", (await RunAsync("--store", "acme", "schema", "read")).Error);
        Assert.Contains("--yes", (await RunAsync("store", "delete", "acme")).Error);
        Assert.Equal(0, (await RunAsync("store", "delete", "acme", "--yes")).Exit);
        Assert.Equal("default\n", (await RunAsync("store", "list")).Output);
        Assert.Contains("STORE_UNKNOWN", (await RunAsync("--store", "acme", "schema", "read")).Error);
    }

    [Fact]
    public async Task Serve_prints_what_holds_or_every_setting_and_does_not_start()
    {
        Run run = await Run.OfAsync("serve", "--memory", "--limits-check-depth", "9", "--check-config");
        Assert.Equal(0, run.Exit);
        Assert.Matches("(?m)^  check_depth: 9 +# --limits-check-depth$", run.Output);
        run = await Run.OfAsync("serve", "--help");
        Assert.Equal(0, run.Exit);
        Assert.Contains("--limits-check-depth N ", run.Output);
        run = await Run.OfAsync("serve", "--memory", "--port", "high");
        Assert.Equal(2, run.Exit);
        Assert.Contains("--port: `port` is `high`, which is no port", run.Error);
    }

    [Fact]
    public async Task A_schema_with_a_mistake_is_refused_and_the_mistake_shown()
    {
        string file = _folder.File("bad.authz", "definition user {}\ndefinition document {\n    relation viewer: usr\n}\n");
        Run run = await RunAsync("schema", "write", file);
        Assert.Equal(1, run.Exit);
        Assert.StartsWith($"{file}:3:22: error AZ", run.Error);
        Assert.Contains("\n   |                      ^^^\n", run.Error);
    }

    [Fact]
    public async Task A_schema_that_would_orphan_relationships_is_refused_in_one_line()
    {
        Run run = await RunAsync("schema", "write", _folder.File("small.authz", "definition user {}\n"));
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.StartsWith("error SCHEMA_BREAKS_DATA: ", run.Error);
    }

    [Fact]
    public async Task A_permit_exits_with_0_and_shows_its_proof()
    {
        Run run = await RunAsync("check", "document:q3-forecast", "view", "user:ben");
        Assert.Equal(0, run.Exit);
        Assert.StartsWith("PERMITTED\n  user:ben may view document:q3-forecast\n", run.Output);
        Assert.Contains("team:finance#member@user:ben", run.Output);
    }

    [Fact]
    public async Task A_denial_exits_with_1_and_says_why()
    {
        Run run = await RunAsync("check", "document:salaries", "view", "user:ben");
        Assert.Equal(1, run.Exit);
        Assert.StartsWith("DENIED NO_PERMISSION: document:salaries\n", run.Output);
    }

    [Fact]
    public async Task A_denial_says_what_would_make_it_a_yes_when_it_is_asked()
    {
        Run run = await RunAsync("check", "document:q3-forecast", "edit", "agent:buyer", "--on-behalf-of", "user:ana", "--task", "task:tour", "--explain");
        Assert.Equal(1, run.Exit);
        Assert.Contains("""
              what would make it a yes
                user:ana lends edit on document:q3-forecast to agent:buyer by a new hop, called what you like
                  + grant:new#delegator@user:ana
            """.ReplaceLineEndings("\n"), run.Output);

        Run direct = await RunAsync("check", "document:salaries", "view", "user:ben", "--explain");
        Assert.Contains("what would make it a yes\n    user:ben becomes ", direct.Output);
        Assert.DoesNotContain("what would", (await RunAsync("check", "document:salaries", "view", "user:ben")).Output);
    }

    [Fact]
    public async Task A_chain_is_shown_hop_by_hop_from_the_root_to_the_presenter()
    {
        Run run = await RunAsync("check", "document:q3-forecast", "view", "agent:buyer", "--on-behalf-of", "user:ana", "--task", "task:tour");
        Assert.Equal(0, run.Exit);
        Assert.StartsWith("PERMITTED until 2030-01-01T00:00:00Z\n  agent:buyer may view document:q3-forecast on behalf of user:ana for task:tour\n", run.Output);
        string[] words = ["user:ana  root", "1  grant:tour-plan   holds", "agent:planner", "2  grant:tour-price  holds", "agent:pricing", "3  grant:tour-read   holds", "agent:buyer  presenter"];
        Assert.Equal(words, words.OrderBy(w => run.Output.IndexOf(w, StringComparison.Ordinal)));
        Assert.All(words, w => Assert.Contains(w, run.Output));
    }

    [Fact]
    public async Task A_revoked_hop_is_shown_with_the_relationship_that_revoked_it()
    {
        Assert.Equal(0, (await RunAsync("relationship", "write", "grant:tour-price#revoked_by@user:ana")).Exit);
        Run run = await RunAsync("check", "document:q3-forecast", "view", "agent:buyer", "--acting-delegation", "grant:tour-read");
        Assert.Equal(1, run.Exit);
        Assert.StartsWith("DENIED REVOKED at hop 2: grant:tour-price\n", run.Output);
        Assert.Contains("because of\n    grant:tour-price#revoked_by@user:ana", run.Output);
        Assert.Contains("grant:tour-read   not reached", run.Output);
    }

    [Fact]
    public async Task A_decision_can_be_had_as_JSON()
    {
        Run run = await RunAsync("check", "document:q3-forecast", "view", "agent:buyer", "--on-behalf-of", "user:ana", "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement decision = json.RootElement.GetProperty("decision");
        Assert.Equal("OUTCOME_PERMITTED", decision.GetProperty("outcome").GetString());
        Assert.Equal(3, decision.GetProperty("explanation").GetProperty("chain").GetArrayLength());
    }

    [Fact]
    public async Task A_question_the_server_refuses_is_no_answer()
    {
        Run run = await RunAsync("check", "document:q3-forecast", "veiw", "user:ana");
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.StartsWith("error UNKNOWN_RELATION: ", run.Error);
    }

    [Fact]
    public async Task A_permission_is_expanded_as_a_tree()
    {
        Run run = await RunAsync("expand", "purchase_order:po-1180", "submit");
        Assert.Equal("""
            purchase_order:po-1180#submit
            └── purchase_order:po-1180#buyer
                ├── user:ana
                └── team:procurement#member

            """, run.Output);
    }

    [Fact]
    public async Task What_is_read_can_be_written_again()
    {
        Run read = await RunAsync("relationship", "read", "grant");
        Run again = await Run.WithInputAsync(read.Output, "relationship", "write", "--file", "-", "--server", _server);
        Assert.Equal((0, ""), (again.Exit, again.Error));
        Assert.Equal(read.Output, (await RunAsync("relationship", "read", "grant")).Output);
    }

    [Theory]
    [InlineData("team:procurement", "team:procurement#member@user:pia\nteam:procurement#member@user:ben\n")]
    [InlineData("team:proc*", "team:procurement#member@user:pia\nteam:procurement#member@user:ben\n")]
    [InlineData("team#member@user:pia", "team:procurement#member@user:pia\n")]
    [InlineData("@user:hana", "folder:hr#editor@user:hana\ndocument:salaries#owner@user:hana\n")]
    [InlineData("agent@team:procurement#member", "agent:buyer#sponsor@team:procurement#member\n")]
    [InlineData("#fleet@fleet", "agent:planner#fleet@fleet:quarter-close\nagent:pricing#fleet@fleet:quarter-close\nagent:buyer#fleet@fleet:quarter-close\n")]
    public async Task A_filter_is_a_relationship_with_parts_left_out(string filter, string expected)
    {
        Run run = await RunAsync("relationship", "read", filter);
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Equal(Lines(expected), Lines(run.Output));
    }

    [Fact]
    public async Task Deleting_takes_a_relationship_back()
    {
        Assert.Equal(0, (await RunAsync("relationship", "write", "user:ben#suspended_by@user:carl")).Exit);
        Assert.Equal(1, (await RunAsync("check", "document:q3-forecast", "view", "user:ben")).Exit);
        Run deleted = await RunAsync("relationship", "delete", "user:ben#suspended_by@user:carl");
        Assert.StartsWith("deleted 1 relationship at revision ", deleted.Output);
        Assert.Equal(0, (await RunAsync("check", "document:q3-forecast", "view", "user:ben")).Exit);
    }

    [Fact]
    public async Task A_line_that_is_no_relationship_is_shown_and_nothing_is_written()
    {
        string file = _folder.File("two.txt", "// two\nteam:finance#member@user:new\nteam:finance@user:new\n");
        Run run = await RunAsync("relationship", "write", "--file", file);
        Assert.Equal(2, run.Exit);
        Assert.StartsWith($"{file}:3:1: error: ", run.Error);
        Assert.Equal("", (await RunAsync("relationship", "read", "@user:new")).Output);
    }

    [Fact]
    public async Task A_long_file_is_written_in_several_requests_that_keep_each_hop_whole()
    {
        string people = string.Join('\n', Enumerable.Range(0, 995).Select(i => $"team:crowd#member@user:u{i}"));
        string hops = string.Join('\n', Enumerable.Range(0, 200).Select(i =>
            $"grant:h{i}#delegator@user:ana\ngrant:h{i}#delegate@agent:buyer[expiration:2030-01-01T00:00:00Z]\ngrant:h{i}#task@task:tour\ngrant:h{i}#view@folder:q3"));
        Run run = await RunAsync("relationship", "write", "--file", _folder.File("many.txt", $"{people}\n{hops}\n"));
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Equal(995, Lines((await RunAsync("relationship", "read", "team:crowd")).Output).Count());
        Assert.Equal(800, Lines((await RunAsync("relationship", "read", "grant:h*")).Output).Count());
    }

    [Fact]
    public async Task A_token_from_a_write_is_read_by()
    {
        Run written = await RunAsync("relationship", "write", "team:finance#member@user:new", "--json");
        using JsonDocument json = JsonDocument.Parse(written.Output);
        string token = json.RootElement.GetProperty("token").GetString() ?? "";
        Assert.Equal(0, (await RunAsync("check", "document:q3-forecast", "view", "user:new", "--at-least-as-fresh", token)).Exit);
        Assert.StartsWith("error INVALID_TOKEN", (await RunAsync("schema", "read", "--at-least-as-fresh", "nonsense")).Error);
    }

    private Task<Run> RunAsync(params string[] args) => Run.OfAsync([.. args, "--server", _server]);

    private static IEnumerable<string> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);

    private static string Example(string file) => Path.Combine(Repository.Root, "schemas", file);
}
