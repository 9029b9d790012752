using AuthzGraph.Graph;
using AuthzGraph.Server.Hosting;

namespace AuthzGraph.Cli.Tests;

/// <summary>Approvals and suspensions that end by themselves, given to a server that runs in this process.</summary>
public sealed class TermCommandTests : IAsyncLifetime
{
    private const string Schema = """
        use expiration
        use delegation

        definition user {
            principal human
        }

        definition agent {
            principal agent
            relation sponsor: user
            relation suspended_by: user with expiration
        }

        definition grant {
            delegation
            relation delegator: user
            relation delegate: agent with expiration
            relation approver: user with expiration
            relation revoked_by: user
            relation pay: order
        }

        definition order {
            relation owner: user
            permission pay = owner
            delegable pay approval owner
        }

        """;

    private readonly Folder _folder = new();
    private ServerHost? _host;
    private string _server = "";

    public async Task InitializeAsync()
    {
        _host = await ServerHost.StartAsync(new ServerOptions { Storage = new StorageLocation.Memory(), GrpcPort = 0, HttpPort = 0 });
        _server = _host.GrpcAddress.ToString();
        await OkAsync("schema", "write", _folder.File("orders.authz", Schema));
        await OkAsync("relationship", "write", "agent:bot#sponsor@user:ann", "order:o1#owner@user:ann");
        await OkAsync("delegation", "create", "agent:bot", "--as", "user:ann", "--id", "g1", "--until", "2999-01-01T00:00:00Z", "--lend", "pay@order:o1");
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_approval_ends_when_it_is_said_to()
    {
        Assert.StartsWith("approved grant:g1 until 2998-01-01T00:00:00Z at revision ", await OkAsync("delegation", "approve", "grant:g1", "--as", "user:ann", "--until", "2998-01-01T00:00:00Z"));
        Assert.Contains("[expiration:2998-01-01T00:00:00Z]", await OkAsync("relationship", "read", "grant:g1#approver"));
        await OkAsync("check", "order:o1", "pay", "agent:bot", "--acting-delegation", "grant:g1");
    }

    [Fact]
    public async Task A_suspension_ends_when_it_is_said_to()
    {
        Assert.StartsWith("suspended agent:bot until 2998-01-01T00:00:00Z at revision ", await OkAsync("principal", "suspend", "agent:bot", "--as", "user:ann", "--until", "2998-01-01T00:00:00Z"));
        Assert.Contains("[expiration:2998-01-01T00:00:00Z]", await OkAsync("relationship", "read", "agent:bot#suspended_by"));
    }

    [Fact]
    public async Task What_is_no_time_is_told_before_anything_is_sent()
    {
        Run run = await RunAsync("principal", "suspend", "agent:bot", "--as", "user:ann", "--until", "tomorrow");
        Assert.Equal(2, run.Exit);
        Assert.Contains("`tomorrow` is no time: write 2026-12-31T00:00:00Z", run.Error);
    }

    private async Task<string> OkAsync(params string[] arguments)
    {
        Run run = await RunAsync(arguments);
        Assert.Equal((0, ""), (run.Exit, run.Error));
        return run.Output;
    }

    private Task<Run> RunAsync(params string[] arguments) => Run.OfAsync([.. arguments, "--server", _server]);
}
