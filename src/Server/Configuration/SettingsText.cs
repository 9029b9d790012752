using System.Text;

namespace AuthzGraph.Server.Configuration;

/// <summary>Settings for people: as help, and as a file with what holds.</summary>
public static class SettingsText
{
    private const int Column = 40;
    private const int Width = 132;

    /// <summary>The settings with what they do, and how each is named elsewhere.</summary>
    public static string Help
    {
        get
        {
            StringBuilder text = new();
            Line(text, $"{ConfigurationSources.FileFlag} FILE", $"Read settings from this file; else from {ConfigurationSources.UsualFile} if it is here.");
            Line(text, ConfigurationSources.CheckFlag, "Print the settings that hold, and where each comes from, and end.");
            Line(text, "--help", "Print this.");
            foreach (SettingGroup group in Settings.Groups)
            {
                text.Append('\n').Append(group.Title).Append(":\n");
                foreach (Setting setting in group.Settings) Line(text, $"{setting.Flag} {setting.Placeholder}".TrimEnd(), Describe(setting));
            }
            return text.Append(Names).ToString();
        }
    }

    /// <summary>All settings as a file that could be read again, each with where it comes from. No secrets.</summary>
    public static string Effective(ServerConfiguration configuration)
    {
        StringBuilder text = new();
        foreach (IGrouping<string, Setting> section in Settings.All.GroupBy(s => s.Section))
        {
            if (section.Key.Length > 0) text.Append(section.Key).Append(":\n");
            foreach (Setting setting in section) text.Append(Effective(configuration, setting, section.Key)).Append('\n');
        }
        return text.ToString();
    }

    private const string Names =
        """

        Every setting has three names. `limits.check_depth`, say, is `check_depth` below `limits:` in the file, AUTHZGRAPH_LIMITS_CHECK_DEPTH in the
        environment, which wins over the file, and --limits-check-depth here, which wins over both. docs/configuration.md says more.

        """;

    private static string Effective(ServerConfiguration configuration, Setting setting, string section)
    {
        string name = section.Length == 0 ? setting.Name : "  " + setting.Name[(section.Length + 1)..];
        string value = setting.Show(configuration);
        string line = value.Length == 0 ? $"# {name}:" : $"{name}: {Quoted(value)}";
        return $"{line.PadRight(Column)}  # {configuration.Places.GetValueOrDefault(setting.Name, "default")}";
    }

    private static string Quoted(string value) => value.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-') ? value : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Describe(Setting setting) =>
        setting.IsOnOff || setting.Default.Length == 0 ? setting.Description : $"{setting.Description} [{setting.Default}]";

    // what does not fit beside its name goes below, in the same column
    private static void Line(StringBuilder text, string name, string description)
    {
        text.Append("  ").Append(name.PadRight(Column - 2));
        if (name.Length + 2 >= Column) text.Append('\n').Append(' ', Column);
        int at = Column;
        foreach (string word in description.Split(' '))
        {
            if (at + word.Length > Width)
            {
                text.Append('\n').Append(' ', Column);
                at = Column;
            }
            text.Append(word).Append(' ');
            at += word.Length + 1;
        }
        text.Length--;
        text.Append('\n');
    }
}
