using AuthzGraph.Model;

namespace AuthzGraph.Server.Stores;

/// <summary>What stores are called: lower-case letters, digits, <c>-</c> and <c>_</c>, so that a name is a folder's name everywhere.</summary>
internal static class StoreName
{
    /// <summary>The store of callers who name none. It is always there.</summary>
    public const string Default = "default";

    private const int Longest = 63;

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= Longest && (char.IsAsciiLetterLower(name[0]) || char.IsAsciiDigit(name[0]))
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');

    /// <exception cref="RejectionException">It is no name.</exception>
    public static void Expect(string name)
    {
        if (!IsValid(name)) throw Rejection.InvalidText("store name", name, $"with lower-case letters, digits, `-` and `_`, a letter or digit first, at most {Longest}");
    }
}
