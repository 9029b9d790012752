using System.Diagnostics;
using System.Text.RegularExpressions;
using AuthzGraph.Server.Configuration;

namespace AuthzGraph.Server.Tests.Configuration;

/// <summary>The files of deploy/ name what there is.</summary>
public sealed class DeploymentTests
{
    private static readonly string Deploy = Path.Combine(Repository.Root, "deploy");

    [Theory]
    [InlineData("Containerfile")]
    [InlineData("authzgraph.service")]
    public void Every_variable_in_a_deployment_is_a_setting(string file)
    {
        string[] named = [.. Regex.Matches(File.ReadAllText(Path.Combine(Deploy, file)), "AUTHZGRAPH_[A-Z_]+(?==)").Select(m => m.Value)];
        Assert.NotEmpty(named);
        Assert.Empty(named.Except(Settings.All.Select(s => s.Variable)));
    }

    [Fact]
    public async Task The_systemd_unit_is_one_that_systemd_understands()
    {
        const string analyzer = "/usr/bin/systemd-analyze";
        if (!File.Exists(analyzer))
        {
            Console.WriteLine("skipped: there is no systemd-analyze here");
            return;
        }
        using var folder = new TemporaryDirectory();
        folder.Write("authzgraph.service", File.ReadAllText(Path.Combine(Deploy, "authzgraph.service")).Replace("/opt/authzgraph/authzgraph", "/bin/true"));
        var start = new ProcessStartInfo(analyzer, ["verify", Path.Combine(folder.Path, "authzgraph.service")]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("no process");
        string said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal((0, ""), (process.ExitCode, said));
    }
}
