using System.Text.Json;
using AuthzGraph.Graph;
using AuthzGraph.Server.Hosting;

namespace AuthzGraph.Cli.Tests;

/// <summary>Relationships with a caveat, written to and asked of a server that runs in this process.</summary>
public sealed class CaveatCommandTests : IAsyncLifetime
{
    private const string Schema = """
        caveat office(ip ipaddress, cidr string) {
          ip.in_cidr(cidr)
        }
        definition user {}
        definition document {
          relation viewer: user with office
          permission view = viewer
        }

        """;

    private const string Ann = """document:d#viewer@user:ann[office:{"cidr":"10.0.0.0/8"}]""";

    private readonly Folder _folder = new();
    private ServerHost? _host;
    private string _server = "";

    public async Task InitializeAsync()
    {
        _host = await ServerHost.StartAsync(new ServerOptions { Storage = new StorageLocation.Memory(), GrpcPort = 0, HttpPort = 0 });
        _server = _host.GrpcAddress.ToString();
        Assert.Equal(0, (await RunAsync("schema", "write", _folder.File("office.authz", Schema))).Exit);
        Run written = await RunAsync("relationship", "write", Ann);
        Assert.Equal((0, ""), (written.Exit, written.Error));
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("""{"ip": "10.1.2.3"}""", 0, "PERMITTED\n  user:ann may view document:d\n")]
    [InlineData("""{"ip": "11.1.2.3"}""", 1, "DENIED NO_PERMISSION: document:d\n")]
    [InlineData("""{"cidr": "0.0.0.0/0", "ip": "11.1.2.3"}""", 1, "DENIED NO_PERMISSION: document:d\n")]
    public async Task A_context_decides(string context, int exit, string output)
    {
        Run run = await CheckAsync("--context", context);
        Assert.Equal((exit, ""), (run.Exit, run.Error));
        Assert.StartsWith(output, run.Output);
    }

    [Theory]
    [InlineData()]
    [InlineData("--context", "{}")]
    [InlineData("--context", """{"day": "friday"}""")]
    public async Task A_conditional_answer_is_no_yes_and_names_what_is_missing(params string[] context)
    {
        Run run = await CheckAsync(context);
        Assert.Equal((1, ""), (run.Exit, run.Error));
        Assert.StartsWith("CONDITIONAL on ip\n  user:ann may not view document:d unless the context says so: give it with --context\n", run.Output);
    }

    [Fact]
    public async Task A_conditional_answer_as_JSON_names_what_is_missing()
    {
        Run run = await CheckAsync("--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement decision = json.RootElement.GetProperty("decision");
        Assert.Equal((1, "OUTCOME_CONDITIONAL"), (run.Exit, decision.GetProperty("outcome").GetString()));
        Assert.Equal(["ip"], decision.GetProperty("missingContext").EnumerateArray().Select(name => name.GetString() ?? ""));
    }

    [Theory]
    [InlineData("[1]", "error USAGE: `[1]` is no context")]
    [InlineData("""{"ip": "everywhere"}""", "error INVALID_CONTEXT: ")]
    public async Task A_context_that_fits_nothing_is_no_answer(string context, string error)
    {
        Run run = await CheckAsync("--context", context);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.StartsWith(error, run.Error);
    }

    [Fact]
    public async Task What_is_read_with_its_caveat_can_be_written_again()
    {
        Run read = await RunAsync("relationship", "read", "document");
        using JsonDocument context = JsonDocument.Parse(read.Output[(read.Output.IndexOf("[office:", StringComparison.Ordinal) + 8)..read.Output.LastIndexOf(']')]);
        Assert.Equal("10.0.0.0/8", context.RootElement.GetProperty("cidr").GetString());
        Run again = await Run.WithInputAsync(read.Output, "relationship", "write", "--file", "-", "--server", _server);
        Assert.Equal((0, ""), (again.Exit, again.Error));
        Assert.Equal(read.Output, (await RunAsync("relationship", "read", "document")).Output);
    }

    [Theory]
    [InlineData("document:d#viewer@user:bob", "error INVALID_TUPLE: ")]
    [InlineData("document:d#viewer@user:bob[home]", "error UNKNOWN_CAVEAT: ")]
    [InlineData("""document:d#viewer@user:bob[office:{"cird":"10.0.0.0/8"}]""", "error INVALID_CAVEAT_CONTEXT: ")]
    public async Task A_relationship_without_the_caveat_it_needs_is_refused(string tuple, string error)
    {
        Run run = await RunAsync("relationship", "write", tuple);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.StartsWith(error, run.Error);
        Assert.Equal("", (await RunAsync("relationship", "read", "@user:bob")).Output);
    }

    private Task<Run> CheckAsync(params string[] more) => RunAsync(["check", "document:d", "view", "user:ann", .. more]);

    private Task<Run> RunAsync(params string[] args) => Run.OfAsync([.. args, "--server", _server]);
}
