using AuthzGraph.Model;

namespace AuthzGraph.Server.Configuration;

/// <summary>
/// Reads the configuration: the file, then the environment, which wins over it, then flags, which win over both. Every mistake is found
/// before one is told.
/// </summary>
public static class ConfigurationReader
{
    /// <summary>Variables beside the settings that the command line's other commands read.</summary>
    private static readonly string[] OtherVariables = [ConfigurationSources.FileVariable, Setting.Prefix + "SERVER", Setting.Prefix + "TOKEN", Setting.Prefix + "STORE"];

    /// <exception cref="RejectionException">Something is wrong: a line for each mistake, with its place.</exception>
    /// <exception cref="IOException">The file that was named cannot be read.</exception>
    public static ServerConfiguration Read(ConfigurationSources sources)
    {
        List<string> problems = [];
        string? file = FileOf(sources);
        IEnumerable<GivenValue> given =
        [
            .. file is null ? [] : ConfigurationFile.Read(file, problems),
            .. OfEnvironment(sources.Environment, problems),
            .. OfFlags(sources.Flags, problems),
        ];
        ServerConfiguration configuration = Apply(given, problems) with { File = file };
        if (problems.Count == 0) problems.AddRange(ConfigurationRules.BrokenBy(configuration));
        return problems.Count == 0 ? configuration : throw Rejection.Invalid("CONFIGURATION_INVALID", string.Join('\n', problems));
    }

    private static string? FileOf(ConfigurationSources sources) =>
        sources.File ?? sources.Environment.GetValueOrDefault(ConfigurationSources.FileVariable)
        ?? (File.Exists(ConfigurationSources.UsualFile) ? ConfigurationSources.UsualFile : null);

    private static ServerConfiguration Apply(IEnumerable<GivenValue> given, List<string> problems)
    {
        ServerConfiguration configuration = ServerConfiguration.Default;
        Dictionary<string, string> places = new(StringComparer.Ordinal);
        foreach (GivenValue value in given)
        {
            if (value.Setting.Read(configuration, value.Text) is { } read) configuration = read;
            else problems.Add($"{value.Place}: `{value.Setting.Name}` is `{value.Text}`, which is no {value.Setting.Expected}");
            places[value.Setting.Name] = value.Place;
        }
        return configuration with { Places = places };
    }

    private static IEnumerable<GivenValue> OfEnvironment(IReadOnlyDictionary<string, string> environment, List<string> problems)
    {
        Dictionary<string, Setting> known = Settings.All.ToDictionary(s => s.Variable, StringComparer.Ordinal);
        foreach ((string name, string text) in environment.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(Setting.Prefix, StringComparison.Ordinal) || OtherVariables.Contains(name) || IsServiceLink(name, text)) continue;
            if (known.TryGetValue(name, out Setting? setting)) yield return new GivenValue(setting, text, name);
            else problems.Add($"{name}: there is no such setting{Nearest.Of(name, known.Keys)}");
        }
    }

    // Kubernetes sets these for a Service named `authzgraph`
    private static bool IsServiceLink(string name, string text) =>
        name.StartsWith(Setting.Prefix + "SERVICE_", StringComparison.Ordinal)
        || name.StartsWith(Setting.Prefix + "PORT_", StringComparison.Ordinal)
        || (name == Setting.Prefix + "PORT" && text.Contains("://", StringComparison.Ordinal));

    private static IEnumerable<GivenValue> OfFlags(IReadOnlyList<(string Flag, string Value)> flags, List<string> problems)
    {
        Dictionary<string, Setting> known = Settings.All.ToDictionary(s => s.Flag, StringComparer.Ordinal);
        foreach ((string flag, string text) in flags)
        {
            if (known.TryGetValue(flag, out Setting? setting)) yield return new GivenValue(setting, text, flag);
            else problems.Add($"{flag}: there is no such setting{Nearest.Of(flag, known.Keys)}");
        }
    }
}

/// <summary>What somebody chose.</summary>
/// <param name="Place">Where it is written: <c>authzgraph.yaml:3</c>, a variable or a flag.</param>
internal readonly record struct GivenValue(Setting Setting, string Text, string Place);

/// <summary>A hint at the name that was meant.</summary>
internal static class Nearest
{
    public static string Of(string name, IEnumerable<string> known) => NearestName.Of(name, known) is { } near ? $"; did you mean `{near}`?" : "";
}
