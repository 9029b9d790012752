using System.Globalization;
using AuthzGraph.Model;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AuthzGraph.Server.Yaml;

/// <summary>A value with its place.</summary>
internal readonly record struct YamlText(string Value, Mark Place);

/// <summary>One mapping of a YAML file. Names that nobody asked for are mistakes, and so are values of another form than asked for.</summary>
internal sealed class YamlSection
{
    private readonly YamlProblems _problems;
    private readonly Dictionary<string, (YamlNode Key, YamlNode Value)> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    private YamlSection(YamlMappingNode map, YamlProblems problems)
    {
        (Place, _problems) = (map.Start, problems);
        foreach ((YamlNode key, YamlNode value) in map)
            if (key is YamlScalarNode { Value: { } name }) _entries[name] = (key, value);
            else problems.Say(key.Start, "a name is a word");
    }

    public Mark Place { get; }

    /// <summary>Null, once it is said, when it is no mapping.</summary>
    public static YamlSection? Of(YamlNode node, string what, YamlProblems problems)
    {
        if (node is YamlMappingNode map) return new YamlSection(map, problems);
        problems.Say(node.Start, $"{what} is a mapping: write `name: value` below it");
        return null;
    }

    /// <summary>Null when it is left out, or when it is no text, which is said.</summary>
    public YamlText? Text(string name)
    {
        if (Find(name) is not { } entry) return null;
        if (entry.Value is YamlScalarNode { Value: { Length: > 0 } text } && !YamlFile.IsEmpty(entry.Value)) return new YamlText(text, entry.Value.Start);
        _problems.Say(entry.Key.Start, $"`{name}` is one value on the same line");
        return null;
    }

    public YamlText? Required(string name, string what)
    {
        if (!_entries.ContainsKey(name)) _problems.Say(Place, $"{what} has no `{name}`");
        return Text(name);
    }

    /// <summary>The items of a list; one value stands for a list of one.</summary>
    public IEnumerable<YamlText> Texts(string name)
    {
        if (Find(name) is not { } entry) yield break;
        foreach (YamlNode item in entry.Value is YamlSequenceNode list ? list.Children : [entry.Value])
            if (item is YamlScalarNode { Value: { Length: > 0 } text } && !YamlFile.IsEmpty(item)) yield return new YamlText(text, item.Start);
            else _problems.Say(item.Start, $"`{name}` is a list of words: [one, another]");
    }

    /// <summary>The mappings of a list.</summary>
    public IEnumerable<YamlSection> Sections(string name, string what)
    {
        if (Find(name) is not { } entry || YamlFile.IsEmpty(entry.Value)) yield break;
        if (entry.Value is not YamlSequenceNode list)
        {
            _problems.Say(entry.Value.Start, $"`{name}` is a list: begin each with `- `");
            yield break;
        }
        foreach (YamlNode item in list)
            if (Of(item, what, _problems) is { } section) yield return section;
    }

    /// <summary>A mapping below a name; null when it is left out or no mapping.</summary>
    public YamlSection? Section(string name) => Find(name) is { } entry ? Of(entry.Value, $"`{name}`", _problems) : null;

    public bool IsMapping(string name) => _entries.TryGetValue(name, out (YamlNode, YamlNode Value) entry) && entry.Value is YamlMappingNode;

    /// <summary>The names in it, all of them asked for.</summary>
    public IEnumerable<YamlText> Names()
    {
        foreach ((string name, (YamlNode Key, YamlNode) entry) in _entries) yield return new YamlText(name, entry.Key.Start);
    }

    public int? Number(string name, int least)
    {
        if (Text(name) is not { } text) return null;
        if (int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least) return number;
        _problems.Say(text.Place, $"`{name}` is `{text.Value}`, which is no number from {least} on");
        return null;
    }

    /// <summary>Says which names nobody asked for.</summary>
    public void End()
    {
        foreach ((string name, (YamlNode Key, YamlNode) entry) in _entries)
            if (!_asked.Contains(name))
                _problems.Say(entry.Key.Start, $"there is no `{name}` here{(NearestName.Of(name, _asked) is { } near ? $"; did you mean `{near}`?" : "")}");
    }

    private (YamlNode Key, YamlNode Value)? Find(string name)
    {
        _asked.Add(name);
        return _entries.TryGetValue(name, out (YamlNode, YamlNode) entry) ? entry : null;
    }
}
