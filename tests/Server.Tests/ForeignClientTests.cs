using System.Diagnostics;
using AuthzGraph.Server.Hosting;
using AuthzGraph.Server.Stores;
using Xunit.Abstractions;

namespace AuthzGraph.Server.Tests;

/// <summary>
/// Programs that others wrote call a real server: SpiceDB's own client, buf, Python's gRPC, h2load. <c>.ci/run</c> installs them; where one is
/// missing its test says so and passes.
/// </summary>
public sealed class ForeignClientTests(ITestOutputHelper output)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "clients");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_client_of_SpiceDB_finds_every_call_it_knows()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules"))) Skip("`npm install` was not run in tests/clients");
        else Assert.Matches("of 27 methods", await RunAsync("node", address => ["authzed-node.mjs", address]));
    }

    [Fact]
    public async Task The_client_of_SpiceDB_finds_a_graph_of_its_own_for_each_token_of_a_testing_server()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules"))) Skip("`npm install` was not run in tests/clients");
        else Assert.Matches("two tokens saw two graphs", await RunAsync("node", address => ["authzed-node-testing.mjs", address], stores: new StoreOptions { IsTesting = true }));
    }

    [Fact]
    public async Task Buf_calls_over_gRPC_by_reflection_and_over_Connect()
    {
        string buf = Path.Combine(Folder, "node_modules", ".bin", "buf");
        if (!File.Exists(buf))
        {
            Skip("`npm install` was not run in tests/clients");
            return;
        }
        const string Write = "{\"text\":\"definition user {}\"}";
        string written = await RunAsync(buf, address => ["curl", "--http2-prior-knowledge", "--protocol", "grpc", "-d", Write, $"http://{address}/authzgraph.v1.Schema/Write"]);
        Assert.Contains("\"revision\": \"1\"", written, StringComparison.Ordinal);
        string listed = await RunAsync(buf, address => ["curl", "--http2-prior-knowledge", "--protocol", "grpc", "--list-methods", $"http://{address}"]);
        Assert.Contains("authzgraph.v1.Permissions/Check", listed, StringComparison.Ordinal);
        Assert.Contains("grpc.health.v1.Health/Watch", listed, StringComparison.Ordinal);
        string connect = await RunAsync(buf, address => ["curl", "--schema", Path.Combine(Repository.Root, "src", "Protocol"), "-d", Write, $"http://{address}/authzgraph.v1.Schema/Write"], overHttp: true);
        Assert.Contains("\"revision\": \"1\"", connect, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Python_reads_the_messages_by_reflection_and_calls()
    {
        if (!await SucceedsAsync("/usr/bin/python3", ["-c", "import grpc"])) Skip("python3-grpcio is not installed");
        else Assert.Contains("services reflected", await RunAsync("/usr/bin/python3", address => ["grpcio.py", address]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_checks_of_h2load_all_succeed()
    {
        if (!await SucceedsAsync("h2load", ["--version"]))
        {
            Skip("nghttp2-client is not installed");
            return;
        }
        string body = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(body, [0, 0, 0, 0, 0]);       // an empty message: grpc.health.v1 takes it
            string report = await RunAsync("h2load", address =>
                ["-n", "10000", "-c", "4", "-m", "16", "-d", body, "-H", "content-type: application/grpc", "-H", "te: trailers", $"http://{address}/grpc.health.v1.Health/Check"]);
            Assert.Contains("10000 succeeded, 0 failed, 0 errored, 0 timeout", report, StringComparison.Ordinal);
            Assert.Contains("10000 2xx", report, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(body);
        }
    }

    /// <summary>What the program prints; it must end well.</summary>
    private async Task<string> RunAsync(string program, Func<string, string[]> arguments, bool overHttp = false, StoreOptions? stores = null)
    {
        await using TestServer server = await TestServer.StartAsync(stores: stores);
        Uri at = overHttp ? server.Host.HttpAddress : server.Host.GrpcAddress;
        (int code, string printed) = await StartAsync(program, arguments(at.Authority));
        output.WriteLine(printed);
        Assert.True(code == 0, printed);
        return printed;
    }

    private static async Task<bool> SucceedsAsync(string program, string[] arguments)
    {
        try
        {
            return (await StartAsync(program, arguments)).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static async Task<(int Code, string Printed)> StartAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        using var patience = new CancellationTokenSource(Patience);
        Task<string> printed = process.StandardOutput.ReadToEndAsync(patience.Token), complained = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await printed + await complained);
    }

    private void Skip(string why) => output.WriteLine($"skipped: {why}");
}
