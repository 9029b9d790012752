using AuthzGraph.Server.Yaml;
using YamlDotNet.RepresentationModel;

namespace AuthzGraph.Server.Configuration;

/// <summary>The file: a YAML mapping of settings, those of a section below its name. Every mistake has its line.</summary>
internal sealed class ConfigurationFile
{
    private const int MostBytes = 1 << 20;

    private readonly string _folder;
    private readonly YamlProblems _problems;
    private readonly Dictionary<string, Setting> _known = Settings.All.ToDictionary(s => s.Name, StringComparer.Ordinal);
    private readonly HashSet<string> _sections = [.. Settings.All.Select(s => s.Section)];
    private readonly List<GivenValue> _given = [];

    private ConfigurationFile(string file, List<string> problems) =>
        (_folder, _problems) = (Path.GetDirectoryName(Path.GetFullPath(file)) ?? "", new YamlProblems(file, problems));

    /// <summary>What the file chooses; what is wrong with it is added to the problems.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<GivenValue> Read(string file, List<string> problems)
    {
        var reader = new ConfigurationFile(file, problems);
        reader.Read(YamlFile.Read(file, MostBytes, "configuration", holdsSecrets: false, reader._problems));
        return reader._given;
    }

    private void Read(YamlNode? root)
    {
        if (root is not null && !YamlFile.IsEmpty(root)) ReadSection("", root);
    }

    private void ReadSection(string section, YamlNode node)
    {
        if (node is not YamlMappingNode map)
        {
            _problems.Say(node.Start, section.Length == 0 ? "the file is no mapping of settings: write `name: value`" : $"`{section}` is a section: write its settings below it, indented");
            return;
        }
        foreach ((YamlNode key, YamlNode value) in map)
        {
            if (key is not YamlScalarNode { Value: { } word }) _problems.Say(key.Start, "a setting's name is a word");
            else ReadEntry(section.Length == 0 ? word : $"{section}.{word}", key, value);
        }
    }

    private void ReadEntry(string name, YamlNode key, YamlNode value)
    {
        if (_known.TryGetValue(name, out Setting? setting)) ReadValue(setting, key, value);
        else if (!_sections.Contains(name)) _problems.Say(key.Start, $"there is no setting `{name}`{Nearest.Of(name, _known.Keys.Concat(_sections))}");
        else if (!YamlFile.IsEmpty(value)) ReadSection(name, value);
    }

    private void ReadValue(Setting setting, YamlNode key, YamlNode value)
    {
        if (value is YamlScalarNode { Value: { } text } && !YamlFile.IsEmpty(value)) _given.Add(new GivenValue(setting, Located(setting, text), _problems.PlaceOf(key.Start)));
        else _problems.Say(key.Start, $"`{setting.Name}` has no value: write one on the same line, or leave the setting out");
    }

    private string Located(Setting setting, string text) => setting.IsPath && text.Length > 0 ? Path.Combine(_folder, text) : text;
}
