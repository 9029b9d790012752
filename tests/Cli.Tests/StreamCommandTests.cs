using AuthzGraph.Graph;
using AuthzGraph.Server.Hosting;

namespace AuthzGraph.Cli.Tests;

/// <summary>Import, export, delete by filter and watch, against a server in this process.</summary>
public sealed class StreamCommandTests : IAsyncLifetime
{
    private const string Schema = "definition user {}\ndefinition document { relation viewer: user }\n";

    private readonly Folder _folder = new();
    private ServerHost? _host;
    private string _server = "";

    public async Task InitializeAsync()
    {
        _host = await ServerHost.StartAsync(new ServerOptions { Storage = new StorageLocation.Memory(), GrpcPort = 0, HttpPort = 0 });
        _server = _host.GrpcAddress.ToString();
        Assert.Equal(0, (await RunAsync("schema", "write", _folder.File("schema.authz", Schema))).Exit);
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_file_is_imported_exported_and_deleted_by_filter()
    {
        string[] lines = [.. Enumerable.Range(0, 2_500).Select(i => $"document:d{i}#viewer@user:ann")];
        string file = _folder.File("tuples.txt", "// all of them\n" + string.Join('\n', lines));
        Run imported = await RunAsync("relationship", "import", file, "--id", "monday");
        Assert.Equal((0, "imported 2500 relationships at revision 4"), (imported.Exit, imported.Output.Split('\n')[0]));
        Run again = await RunAsync("relationship", "import", file, "--id", "monday", "--create");
        Assert.Equal(2, again.Exit);
        Assert.StartsWith("error IDEMPOTENCY_KEY_REUSED", again.Error);

        Run exported = await RunAsync("relationship", "export");
        Assert.Equal((0, string.Join('\n', lines) + "\n"), (exported.Exit, exported.Output));
        Run deleted = await RunAsync("relationship", "delete", "--filter", "document:d1*");
        Assert.Equal((0, "deleted 1111 relationships at revision 5"), (deleted.Exit, deleted.Output.Split('\n')[0]));
        Assert.Equal(lines.Count(l => !l.StartsWith("document:d1", StringComparison.Ordinal)), (await RunAsync("relationship", "export", "document")).Output.Count(c => c == '\n'));
    }

    [Fact]
    public async Task A_line_that_is_no_relationship_is_named_and_what_was_written_before_is_said()
    {
        string file = _folder.File("tuples.txt", string.Join('\n', Enumerable.Range(0, 600).Select(i => $"document:d{i}#viewer@user:ann")) + "\nnonsense\n");
        Run run = await RunAsync("relationship", "import", file, "--chunk", "100");
        Assert.Equal(2, run.Exit);
        Assert.Contains($"error INVALID_TUPLE: {file}:601: ", run.Error);
    }

    [Fact]
    public async Task An_atomic_import_from_standard_input_is_one_revision()
    {
        Run run = await Run.WithInputAsync("document:aaa#viewer@user:ann\ndocument:bbb#viewer@user:ann\n", "relationship", "import", "-", "--atomic", "--server", _server);
        Assert.Equal((0, "imported 2 relationships at revision 2"), (run.Exit, run.Output.Split('\n')[0]));
    }

    [Fact]
    public async Task A_watch_prints_a_line_for_each_change_until_it_is_stopped()
    {
        Run written = await RunAsync("relationship", "write", "document:aaa#viewer@user:ann", "--json");
        string token = System.Text.Json.JsonDocument.Parse(written.Output).RootElement.GetProperty("token").GetString() ?? "";
        await RunAsync("relationship", "write", "document:bbb#viewer@user:ann");
        await RunAsync("relationship", "delete", "document:bbb#viewer@user:ann");
        using StringWriter output = new();
        using CancellationTokenSource stop = new();
        Task<int> watch = CommandLine.RunAsync(["watch", "--after", token, "--server", _server], Terminal.Plain(TextReader.Null, TextWriter.Synchronized(output), TextWriter.Null), stop.Token);
        for (int i = 0; i < 600 && output.ToString().Count(c => c == '\n') < 2; i++) await Task.Delay(50);
        await stop.CancelAsync();
        await watch;
        Assert.Equal("     3 created document:bbb#viewer@user:ann\n     4 deleted document:bbb#viewer@user:ann\n", output.ToString());
    }

    private Task<Run> RunAsync(params string[] args) => Run.OfAsync([.. args, "--server", _server]);
}
