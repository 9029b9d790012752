using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using AuthzGraph.Server.Configuration;
using AuthzGraph.Server.Hosting;

namespace AuthzGraph.Cli.Commands;

/// <summary><c>serve</c>: the server, in this process, until Ctrl-C. Its options are the server's table of settings.</summary>
internal static class ServeCommand
{
    private const string Introduction =
        """
        Run a server until Ctrl-C.

        Usage:
          authzgraph serve (--data DIR | --memory) [SETTING]...

        """;

    public static Command Create(Surroundings around)
    {
        Option<string?> file = new(ConfigurationSources.FileFlag) { Description = "Read settings from this file.", HelpName = "FILE" };
        Option<bool> check = new(ConfigurationSources.CheckFlag) { Description = "Print the settings that hold, and end." };
        SettingOption[] settings = [.. Settings.All.Select(SettingOption.Of)];
        Command command = new("serve", "Run a server until Ctrl-C; --help lists every setting.") { file, check, new HelpOption { Action = new SettingsHelp(around) } };
        foreach (SettingOption setting in settings) command.Add(setting.Option);
        command.SetAction(async (parsed, cancellation) =>
        {
            ServerConfiguration configuration = ConfigurationReader.Read(new ConfigurationSources
            {
                File = parsed.GetValue(file),
                Flags = [.. settings.Where(s => parsed.GetResult(s.Option) is { Implicit: false }).Select(s => (s.Option.Name, s.Read(parsed)))],
                Environment = ConfigurationSources.EnvironmentOfProcess(),
            });
            if (parsed.GetValue(check)) around.Terminal.Raw(SettingsText.Effective(configuration).TrimEnd('\n'));
            else await ServeAsync(around, configuration, cancellation);
            return ExitCode.Yes;
        });
        return command;
    }

    private static async Task ServeAsync(Surroundings around, ServerConfiguration configuration, CancellationToken cancellation)
    {
        await using ServerHost host = await ServerHost.StartAsync(configuration.ToOptions(), cancellation);
        foreach (string line in host.Announcement) around.Terminal.Raw(line);
        await host.WaitForShutdownAsync(cancellation);
    }

    private sealed record SettingOption(Option Option, Func<ParseResult, string> Read)
    {
        public static SettingOption Of(Setting setting)
        {
            if (setting.IsOnOff)
            {
                Option<bool> given = new(setting.Flag) { Description = setting.Description };
                return new SettingOption(given, parsed => parsed.GetValue(given) ? "true" : "false");
            }
            Option<string> option = new(setting.Flag) { Description = setting.Description, HelpName = setting.Placeholder };
            return new SettingOption(option, parsed => parsed.GetValue(option) ?? "");
        }
    }

    private sealed class SettingsHelp(Surroundings around) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parsed)
        {
            around.Terminal.Raw(Introduction + "\n" + SettingsText.Help.TrimEnd('\n'));
            return ExitCode.Yes;
        }
    }
}
