using AuthzGraph.Model;
using AuthzGraph.Server.Configuration;

namespace AuthzGraph.Server.Hosting;

/// <summary>The command line of the server on its own: flags of settings, and what to do with them.</summary>
internal sealed record ServerArguments(ConfigurationSources Sources, bool WantsHelp, bool WantsCheck)
{
    public const string Usage = "usage: AuthzGraph.Server (--data DIR | --memory) [SETTING]...    authzgraph serve does the same";

    /// <exception cref="RejectionException">They are not understood.</exception>
    public static ServerArguments Parse(string[] args, IReadOnlyDictionary<string, string> environment)
    {
        Dictionary<string, Setting> known = Settings.All.ToDictionary(s => s.Flag, StringComparer.Ordinal);
        List<(string, string)> flags = [];
        ServerArguments read = new(new ConfigurationSources { Environment = environment }, false, false);
        for (int i = 0; i < args.Length; i++)
        {
            (string flag, string? value) = Split(args[i]);
            switch (flag)
            {
                case "--help" or "-h": read = read with { WantsHelp = true }; continue;
                case ConfigurationSources.CheckFlag: read = read with { WantsCheck = true }; continue;
            }
            if (value is null && known.TryGetValue(flag, out Setting? setting) && setting.IsOnOff) value = "true";
            else if (value is null && i + 1 == args.Length) throw Rejection.Invalid("USAGE", $"{flag} needs a value");
            else value ??= args[++i];
            if (flag == ConfigurationSources.FileFlag) read = read with { Sources = read.Sources with { File = value } };
            else flags.Add((flag, value));
        }
        return read with { Sources = read.Sources with { Flags = flags } };
    }

    private static (string Flag, string? Value) Split(string argument) =>
        argument.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (argument[..at], argument[(at + 1)..]) : (argument, null);
}
