using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AuthzGraph.Server.Configuration;

/// <summary>The file: a YAML mapping of settings, those of a section below its name. Every mistake has its line.</summary>
internal sealed class ConfigurationFile
{
    private const int MostBytes = 1 << 20;

    private readonly string _file;
    private readonly string _folder;
    private readonly List<string> _problems;
    private readonly Dictionary<string, Setting> _known = Settings.All.ToDictionary(s => s.Name, StringComparer.Ordinal);
    private readonly HashSet<string> _sections = [.. Settings.All.Select(s => s.Section)];
    private readonly List<GivenValue> _given = [];

    private ConfigurationFile(string file, List<string> problems) =>
        (_file, _folder, _problems) = (file, Path.GetDirectoryName(Path.GetFullPath(file)) ?? "", problems);

    /// <summary>What the file chooses; what is wrong with it is added to the problems.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<GivenValue> Read(string file, List<string> problems)
    {
        if (new FileInfo(file) is { Exists: true, Length: > MostBytes }) throw new IOException($"{file} is longer than {MostBytes} bytes: that is no configuration");
        var reader = new ConfigurationFile(file, problems);
        reader.Read(File.ReadAllText(file));
        return reader._given;
    }

    private void Read(string text)
    {
        YamlStream stream = [];
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException problem)
        {
            Say(problem.Start, $"this is not YAML: {(problem.InnerException ?? problem).Message}");
            return;
        }
        if (stream.Documents.Count > 1) Say(stream.Documents[1].RootNode.Start, "there is a second document; all settings belong in the first");
        if (stream.Documents.Count > 0 && !IsEmpty(stream.Documents[0].RootNode)) ReadSection("", stream.Documents[0].RootNode);
    }

    private void ReadSection(string section, YamlNode node)
    {
        if (node is not YamlMappingNode map)
        {
            Say(node.Start, section.Length == 0 ? "the file is no mapping of settings: write `name: value`" : $"`{section}` is a section: write its settings below it, indented");
            return;
        }
        foreach ((YamlNode key, YamlNode value) in map)
        {
            if (key is not YamlScalarNode { Value: { } word }) Say(key.Start, "a setting's name is a word");
            else ReadEntry(section.Length == 0 ? word : $"{section}.{word}", key, value);
        }
    }

    private void ReadEntry(string name, YamlNode key, YamlNode value)
    {
        if (_known.TryGetValue(name, out Setting? setting)) ReadValue(setting, key, value);
        else if (!_sections.Contains(name)) Say(key.Start, $"there is no setting `{name}`{Nearest.Of(name, _known.Keys.Concat(_sections))}");
        else if (!IsEmpty(value)) ReadSection(name, value);
    }

    private void ReadValue(Setting setting, YamlNode key, YamlNode value)
    {
        if (value is YamlScalarNode { Value: { } text } && !IsEmpty(value)) _given.Add(new GivenValue(setting, Located(setting, text), PlaceOf(key.Start)));
        else Say(key.Start, $"`{setting.Name}` has no value: write one on the same line, or leave the setting out");
    }

    private string Located(Setting setting, string text) => setting.IsPath && text.Length > 0 ? Path.Combine(_folder, text) : text;

    private static bool IsEmpty(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };

    private void Say(Mark place, string problem) => _problems.Add($"{PlaceOf(place)}: {problem}");

    private string PlaceOf(Mark mark) => string.Create(CultureInfo.InvariantCulture, $"{_file}:{mark.Line}");
}
