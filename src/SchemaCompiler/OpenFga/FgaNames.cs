using System.Text;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.OpenFga;

/// <summary>
/// The names that types, relations and conditions have in the schema. Names our language allows stay. The others are spelled
/// anew, and made different from all there are: <c>isMember</c> is <c>is_member</c>, <c>re-viewer</c> is <c>re_viewer</c>,
/// <c>me</c> is <c>me_relation</c>. One name of relations becomes one name in every type, since an arrow names a relation of several.
/// </summary>
internal sealed class FgaNames
{
    private const int MaxSegment = 64;

    private readonly Dictionary<string, string> _types;
    private readonly Dictionary<string, string> _conditions;
    private readonly Dictionary<string, string> _relations;
    private readonly Dictionary<string, string> _directs;

    public FgaNames(FgaModel model)
    {
        HashSet<string> declared = [], members = [];
        string[] relations = [.. model.Types.SelectMany(t => t.Relations).Select(r => r.Name.Text).Distinct()];
        _types = Renamed(model.Types.Select(t => t.Name.Text), IsType, TypeNamed, declared);
        _conditions = Renamed(model.Conditions.Select(c => c.Name.Text), IsCaveat, ConditionNamed, declared);
        _relations = Renamed(relations, IsRelation, name => Spelled(name, "relation"), members);
        _directs = relations.ToDictionary(name => name, name => Unused($"{_relations[name]}_direct", members));
    }

    public string Type(string name) => _types[name];

    public string Condition(string name) => _conditions[name];

    /// <summary>What checks, usersets and rewrites name.</summary>
    public string Relation(string name) => _relations[name];

    /// <summary>What is written, where that is a relation of its own.</summary>
    public string Direct(string relation) => _directs[relation];

    /// <summary>Those that can stay stay; only then do the others get what is left.</summary>
    private static Dictionary<string, string> Renamed(
        IEnumerable<string> names, Func<string, bool> canStay, Func<string, string> spell, HashSet<string> used)
    {
        ILookup<bool, string> byFate = names.Distinct().ToLookup(name => canStay(name) && !used.Contains(name));
        Dictionary<string, string> renamed = byFate[true].ToDictionary(name => name);
        used.UnionWith(byFate[true]);
        foreach (string name in byFate[false]) renamed.Add(name, Unused(spell(name), used));
        return renamed;
    }

    private static string Unused(string name, HashSet<string> used)
    {
        string candidate = Shortened(name, "");
        for (int i = 2; !used.Add(candidate); i++) candidate = Shortened(name, $"_{i}");
        return candidate;
    }

    private static string Shortened(string name, string ending)
    {
        int kept = Math.Max(name.LastIndexOf('/') + 1, 0) + MaxSegment - ending.Length;
        return (name.Length <= kept ? name : name[..kept].TrimEnd('_')) + ending;
    }

    private static bool IsType(string name) => Names.IsType(name) && !name.Split('/').Any(IsKeyword);

    private static bool IsRelation(string name) => Names.IsRelation(name) && !IsKeyword(name);

    /// <summary>Caveats may have capitals and be short.</summary>
    private static bool IsCaveat(string name) =>
        name.Length <= Names.MaxTypeBytes && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !IsKeyword(name);

    private static bool IsKeyword(string name) => new Flags().Reserves(name);

    private static string TypeNamed(string name)
    {
        string[] segments = [.. name.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(s => Spelled(s, "type"))];
        string joined = segments.Length == 0 ? Spelled("", "type") : string.Join('/', segments);
        return joined.Length <= Names.MaxTypeBytes ? joined : Spelled(name, "type");
    }

    private static string ConditionNamed(string name) => Spelled(name, "condition");

    /// <summary>A name our language allows, as near as can be to one of the model.</summary>
    private static string Spelled(string name, string what)
    {
        string spelled = SnakeCase(name).Trim('_');
        if (spelled.Length == 0 || !char.IsAsciiLetterLower(spelled[0])) spelled = $"{what}_{spelled}".TrimEnd('_');
        if (spelled.Length < 3 || IsKeyword(spelled)) spelled = $"{spelled}_{what}";
        return spelled.Length <= MaxSegment ? spelled : spelled[..MaxSegment].TrimEnd('_');
    }

    private static string SnakeCase(string name)
    {
        StringBuilder text = new();
        for (int i = 0; i < name.Length; i++)
        {
            bool beginsWord = char.IsAsciiLetterUpper(name[i]) && i > 0 && !char.IsAsciiLetterUpper(name[i - 1]);
            if (beginsWord && text[^1] != '_') text.Append('_');
            text.Append(char.IsAsciiLetterOrDigit(name[i]) ? char.ToLowerInvariant(name[i]) : '_');
        }
        return text.ToString();
    }
}
