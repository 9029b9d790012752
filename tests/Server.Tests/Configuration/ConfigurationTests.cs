using System.Text.RegularExpressions;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Server.Configuration;
using AuthzGraph.Server.Hosting;

namespace AuthzGraph.Server.Tests.Configuration;

/// <summary>What an operator writes in the file, the environment and on the command line, and what becomes of it.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly Dictionary<string, string> _environment = [];
    private readonly List<(string, string)> _flags = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_flag_wins_over_the_environment_and_the_environment_over_the_file()
    {
        _environment["AUTHZGRAPH_LIMITS_CHECK_DEPTH"] = "20";
        _environment["AUTHZGRAPH_HTTP_PORT"] = "8082";
        _flags.Add(("--http-port", "8083"));
        ServerOptions options = Read("memory: true\nport: 8081\nhttp_port: 8081\nlimits:\n  check_depth: 10\n  ancestors: 7").ToOptions();
        Assert.Equal((8081, 8083), (options.GrpcPort, options.HttpPort));
        Assert.Equal((20, 7), (options.Limits.CheckDepth, options.Limits.Ancestors));
    }

    [Fact]
    public void Sizes_times_and_long_numbers_are_read_as_people_write_them()
    {
        Limits limits = Read("memory: true\nhistory: { time: 7d, bytes: 2GiB }\nlimits: { stream_time: 90s, message_bytes: 512KiB, check_steps: 2_000_000 }").ToOptions().Limits;
        Assert.Equal((TimeSpan.FromDays(7), 2L << 30), (limits.Retention, limits.HistoryBytes));
        Assert.Equal((TimeSpan.FromSeconds(90), 512 * 1024, 2_000_000), (limits.StreamTime, limits.MessageBytes, limits.CheckSteps));
    }

    [Fact]
    public void A_path_in_the_file_counts_from_the_files_folder()
    {
        var storage = Assert.IsType<StorageLocation.Directory>(Read("data: ./store").ToOptions().Storage);
        Assert.Equal(Path.Combine(_folder.Path, "store"), Path.GetFullPath(storage.Path));
    }

    [Theory]
    [InlineData("memory: true\nlimits:\n  chek_depth: 3", ":3: there is no setting `limits.chek_depth`; did you mean `limits.check_depth`?")]
    [InlineData("memory: true\nlimts: {}", ":2: there is no setting `limts`; did you mean `limits`?")]
    [InlineData("memory: true\nport: high", ":2: `port` is `high`, which is no port: write 0 to 65535, 0 for any that is free")]
    [InlineData("memory: yes", ":1: `memory` is `yes`, which is no answer: write true or false")]
    [InlineData("memory: true\nhistory:\n  time: 24", ":3: `history.time` is `24`, which is no time from 1s to 3650d, such as 500ms, 30s, 10m, 24h or 7d")]
    [InlineData("memory: true\nhistory:\n  bytes: 1GB", "`history.bytes` is `1GB`, which is no size")]
    [InlineData("memory: true\nlimits:\n  check_depth: 1001", "which is no whole number from 1 to 1000")]
    [InlineData("memory: true\nlog:\n  level: loud", "`log.level` is `loud`, which is no word for it: write debug, information, warning, error, none")]
    [InlineData("memory: true\npublic_url: http://pdp.example.com", ":2: `public_url` is `http://pdp.example.com`, which is no https URL")]
    [InlineData("memory: true\nlog: json", ":2: `log` is a section: write its settings below it, indented")]
    [InlineData("memory: true\nport:", ":2: `port` has no value")]
    [InlineData("memory: true\nport: [1]", ":2: `port` has no value")]
    [InlineData("memory: true\nmemory: true", ":2: this is not YAML")]
    [InlineData("memory: true\n\tport: 1", "this is not YAML")]
    [InlineData("- memory", ":1: the file is no mapping of settings")]
    [InlineData("memory: true\n---\nport: 1", "there is a second document")]
    [InlineData("port: 1", "say where the store is: --data DIR, or --memory")]
    [InlineData("testing: true\ncredentials: c.yaml", ":1: `testing` asks nobody for credentials, so `credentials` of ")]
    [InlineData("testing: true\ndata: d", ":1: `testing` gives every token an empty store in memory, so `data` of ")]
    [InlineData("data: d\nmemory: true", ":2: `memory` keeps nothing, but `data` of")]
    [InlineData("memory: true\nport: 81\nhttp_port: 81", "`port` and `http_port` are both 81")]
    public void A_mistake_in_the_file_is_told_with_its_line(string yaml, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<RejectionException>(() => Read(yaml)).Message);

    [Fact]
    public void All_mistakes_are_told_at_once_each_with_its_place()
    {
        _environment["AUTHZGRAPH_LIMITS_CHECK_DEPHT"] = "3";
        _flags.AddRange([("--colour", "red"), ("--htp-port", "1")]);
        string[] lines = Assert.Throws<RejectionException>(() => Read("prot: 1")).Message.Split('\n');
        Assert.Equal(
            [
                $"{File}:1: there is no setting `prot`; did you mean `port`?",
                "AUTHZGRAPH_LIMITS_CHECK_DEPHT: there is no such setting; did you mean `AUTHZGRAPH_LIMITS_CHECK_DEPTH`?",
                "--colour: there is no such setting",
                "--htp-port: there is no such setting; did you mean `--http-port`?",
            ],
            lines);
    }

    [Fact]
    public void What_Kubernetes_says_of_a_service_of_our_name_is_no_setting()
    {
        _environment["AUTHZGRAPH_PORT"] = "tcp://10.0.0.1:50051";
        _environment["AUTHZGRAPH_PORT_50051_TCP_ADDR"] = "10.0.0.1";
        _environment["AUTHZGRAPH_SERVICE_HOST"] = "10.0.0.1";
        _environment["AUTHZGRAPH_SERVER"] = "http://localhost:50051";
        Assert.Equal(ServerOptions.DefaultGrpcPort, Read("memory: true").ToOptions().GrpcPort);
    }

    [Fact]
    public void What_holds_is_printed_as_a_file_that_reads_the_same_again()
    {
        _environment["AUTHZGRAPH_HISTORY_BYTES"] = "2GiB";
        _flags.Add(("--log-level", "debug"));
        ServerConfiguration configuration = Read("data: '/tmp/it''s # here'\nlimits:\n  stream_time: 1500ms");
        string printed = SettingsText.Effective(configuration);
        Assert.Matches(@"(?m)^  bytes: 2GiB +# AUTHZGRAPH_HISTORY_BYTES$", printed);
        Assert.Matches(@"(?m)^  level: debug +# --log-level$", printed);
        Assert.Matches($@"(?m)^  stream_time: 1500ms +# {Regex.Escape(File)}:3$", printed);
        Assert.Matches(@"(?m)^port: 50051 +# default$", printed);
        _environment.Clear();
        _flags.Clear();
        Assert.Equal(WithoutPlaces(printed), WithoutPlaces(SettingsText.Effective(Read(printed))));
    }

    [Fact]
    public void Every_limit_of_the_model_is_a_setting_of_its_own()
    {
        // each setting is changed alone: exactly one property of the limits must follow, and all of them must be reached
        HashSet<string> reached = [];
        foreach (Setting setting in Settings.All.Where(s => s.Section is "limits" or "history"))
        {
            _flags.Clear();
            _flags.Add((setting.Flag, setting.Placeholder switch { "N" => "123", "SIZE" => "3MiB", _ => "123s" }));
            Limits limits = Read("memory: true").ToOptions().Limits;
            reached.Add(Assert.Single(typeof(Limits).GetProperties(), p => !Equals(p.GetValue(limits), p.GetValue(Limits.Default))).Name);
        }
        Assert.Equal(typeof(Limits).GetProperties().Select(p => p.Name).Order(), reached.Order());
    }

    [Fact]
    public void The_page_lists_exactly_the_table()
    {
        string page = System.IO.File.ReadAllText(Path.Combine(Repository.Root, "docs/configuration.md"));
        IEnumerable<string> listed = Regex.Matches(page, @"(?m)^\| `[a-z_.0-9]+` \|.*$").Select(m => m.Value);
        IEnumerable<string> expected = Settings.All.Select(s => $"| `{s.Name}` | {(s.Default.Length == 0 ? "" : $"`{s.Default}`")} | {s.Description} |");
        Assert.Equal(string.Join('\n', expected), string.Join('\n', listed));
    }

    [Fact]
    public async Task The_server_prints_help_and_what_holds_without_starting()
    {
        (int code, string output) = await ServerProcess.PrintAsync("--help");
        Assert.Equal(0, code);
        foreach (Setting setting in Settings.All) Assert.Contains($"  {setting.Flag} ", output);
        (code, output) = await ServerProcess.PrintAsync("--memory", "--port=7", "--check-config");
        Assert.Equal(0, code);
        Assert.Matches(@"(?m)^port: 7 +# --port$", output);
    }

    private string File => Path.Combine(_folder.Path, "authzgraph.yaml");

    private ServerConfiguration Read(string yaml)
    {
        _folder.Write("authzgraph.yaml", yaml);
        return ConfigurationReader.Read(new ConfigurationSources { File = File, Environment = _environment, Flags = _flags });
    }

    private static string WithoutPlaces(string printed) => Regex.Replace(printed, " +# [^#\n]*$", "", RegexOptions.Multiline);
}
