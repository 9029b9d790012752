using AuthzGraph.Graph;
using AuthzGraph.Server.Hosting;

namespace AuthzGraph.Cli.Tests;

/// <summary>Lookups and recursive expansions on the command line, against a server in this process.</summary>
public sealed class LookupCommandTests : IAsyncLifetime
{
    private ServerHost? _host;
    private string _server = "";

    public async Task InitializeAsync()
    {
        _host = await ServerHost.StartAsync(new ServerOptions { Storage = new StorageLocation.Memory(), GrpcPort = 0, HttpPort = 0 });
        _server = _host.GrpcAddress.ToString();
        Assert.Equal(0, (await RunAsync("schema", "write", Example("schema.authz"))).Exit);
        Assert.Equal(0, (await RunAsync("relationship", "write", "--file", Example("relationships.txt"))).Exit);
        Assert.Equal(0, (await RunAsync("relationship", "write", "--file", Example("walkthrough.txt"))).Exit);
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
    }

    [Fact]
    public async Task What_an_agent_may_reach_for_somebody_is_listed()
    {
        Run run = await RunAsync("lookup", "resources", "document", "view", "agent:buyer", "--on-behalf-of", "user:ana", "--task", "task:tour");
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Contains("document:q3-forecast\n", run.Output);
        Assert.DoesNotContain("salaries", run.Output);
    }

    [Fact]
    public async Task An_agent_by_itself_is_told_why_it_reaches_nothing()
    {
        Run run = await RunAsync("lookup", "resources", "document", "view", "agent:buyer");
        Assert.Equal((0, ""), (run.Exit, run.Output));
        Assert.StartsWith("note: NOT_AUTONOMOUS: ", run.Error);
    }

    [Fact]
    public async Task Who_may_act_is_listed_with_the_chain()
    {
        Run run = await RunAsync("lookup", "subjects", "document:q3-forecast", "view", "agent", "--acting");
        Assert.Equal(0, run.Exit);
        Assert.Contains("agent:buyer by grant:tour-read for user:ana through agent:planner, agent:pricing answered for by ", run.Output);
    }

    [Fact]
    public async Task A_limit_says_how_to_go_on()
    {
        Run all = await RunAsync("lookup", "subjects", "document:q3-forecast", "view", "user");
        Run first = await RunAsync("lookup", "subjects", "document:q3-forecast", "view", "user", "--limit", "1");
        Assert.StartsWith("there may be more: --cursor ", first.Error);
        string cursor = first.Error.Trim().Split(' ')[^1];
        Run rest = await RunAsync("lookup", "subjects", "document:q3-forecast", "view", "user", "--cursor", cursor);
        Assert.Equal(all.Output, first.Output + rest.Output);
        Assert.Equal("", rest.Error);
        Assert.Contains("\"id\": \"ben\"", (await RunAsync("lookup", "subjects", "document:q3-forecast", "view", "user", "--json")).Output);
    }

    [Fact]
    public async Task A_recursive_tree_opens_teams()
    {
        Run run = await RunAsync("expand", "purchase_order:po-1180", "submit", "--recursive");
        Assert.Equal("""
            purchase_order:po-1180#submit
            └── purchase_order:po-1180#buyer
                ├── user:ana
                └── team:procurement#member
                    ├── user:pia
                    └── user:ben

            """, run.Output);
    }

    private static string Example(string file) => Path.Combine(Repository.Root, "schemas", "agent-tasks", file);

    private Task<Run> RunAsync(params string[] args) => Run.OfAsync([.. args, "--server", _server]);
}
