using System.Text.RegularExpressions;
using AuthzGraph.Graph;
using AuthzGraph.Server.Hosting;
using AuthzGraph.Server.Security;

namespace AuthzGraph.Cli.Tests;

/// <summary>A key from the command opens a server whose file has the entry that the command printed.</summary>
public sealed class CredentialCommandTests
{
    [Fact]
    public async Task The_printed_entry_lets_the_printed_key_in()
    {
        using Folder folder = new();
        (string admin, string adminEntry) = await CreateAsync("admin", "--rights", "read,write,schema");
        (string agent, string agentEntry) = await CreateAsync("buyer", "--rights", "check", "--principal", "agent:o'brien");
        SecurityOptions security = new() { CredentialsFile = folder.File("credentials.yaml", $"credentials:\n{adminEntry}{agentEntry}") };
        await using ServerHost host = await ServerHost.StartAsync(new ServerOptions { Storage = new StorageLocation.Memory(), GrpcPort = 0, HttpPort = 0, Security = security });
        string server = host.GrpcAddress.ToString();
        string schema = folder.File("schema.authz", "definition agent {}\ndefinition document { relation viewer: agent\n permission view = viewer }\n");

        Assert.Equal(0, (await Run.OfAsync("schema", "write", schema, "--server", server, "--token", admin)).Exit);
        Run check = await Run.OfAsync("check", "document:readme", "view", "agent:o'brien", "--server", server, "--token", agent);
        Assert.Equal((1, ""), (check.Exit, check.Error));      // a denial, of which it is told the code
        Assert.Contains("NO_PERMISSION", check.Output);

        Run other = await Run.OfAsync("check", "document:readme", "view", "agent:other", "--server", server, "--token", agent);
        Assert.Equal((2, ""), (other.Exit, other.Output));
        Assert.Contains("OTHER_PRINCIPAL", other.Error);
        Run nobody = await Run.OfAsync("schema", "read", "--server", server);
        Assert.Equal(2, nobody.Exit);
        Assert.Contains("CREDENTIAL_MISSING", nobody.Error);
    }

    [Fact]
    public async Task A_right_that_is_none_is_refused_with_the_nearest()
    {
        Run run = await Run.OfAsync("credential", "create", "gateway", "--rights", "check,red");
        Assert.Equal(2, run.Exit);
        Assert.Contains("there is no right `red`; did you mean `read`?", run.Error);
        Assert.DoesNotContain("azg_", run.Output + run.Error);
    }

    [Fact]
    public async Task No_two_keys_are_the_same() =>
        Assert.NotEqual((await CreateAsync("a", "--rights", "check")).Key, (await CreateAsync("a", "--rights", "check")).Key);

    [Fact]
    public async Task An_authority_that_is_none_is_said_to_be_none()
    {
        using Folder folder = new();
        Run run = await Run.OfAsync("schema", "read", "--ca", folder.File("ca.pem", "nothing"));
        Assert.Equal(2, run.Exit);
        Assert.Contains("holds no certificate in PEM", run.Error);
    }

    private static async Task<(string Key, string Entry)> CreateAsync(string name, params string[] options)
    {
        Run run = await Run.OfAsync(["credential", "create", name, .. options]);
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Match key = Regex.Match(run.Output, "(?m)^azg_[A-Za-z0-9_-]{43}$");
        Assert.True(key.Success, run.Output);
        return (key.Value, run.Output[run.Output.IndexOf("  - name:", StringComparison.Ordinal)..].TrimEnd('\n') + "\n");
    }
}
