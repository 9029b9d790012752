using AuthzGraph.Model;

namespace AuthzGraph.Server.Security;

/// <summary>Rights as they are written: <c>check, read</c>.</summary>
public static class RightNames
{
    private static readonly Dictionary<string, Rights> Known = Enum.GetValues<Rights>()
        .Where(right => right is not Rights.None)
        .ToDictionary(right => right.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    public static IReadOnlyCollection<string> All => Known.Keys;

    public static bool IsKnown(string name) => Known.ContainsKey(name);

    internal static bool TryParse(string name, out Rights right) => Known.TryGetValue(name, out right);

    /// <summary>A hint at the right that was meant, or an empty text.</summary>
    public static string Hint(string name) => NearestName.Of(name, Known.Keys) is { } near ? $"; did you mean `{near}`?" : $": write {string.Join(", ", Known.Keys)}";

    internal static string Of(Rights rights) => rights.ToString().ToLowerInvariant();
}
