using AuthzGraph.Graph.Index;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Writing;

/// <summary>
/// What one transaction brings that has no number yet, where numbers are about to run out: each name and each caveat once. Made when there are fewer
/// numbers than the transaction could need, so hardly ever.
/// </summary>
internal sealed class RoomForNames
{
    private const uint NamesPerUpdate = 2;

    private readonly Dictionary<NameTable, HashSet<string>> _names = [];
    private readonly HashSet<CaveatRef> _caveats = [];

    /// <summary>Whether a transaction of so many updates could need more numbers than there are.</summary>
    public static bool IsScarce(NameTable names, int updates) => names.Numbers.Room < NamesPerUpdate * (uint)updates;

    /// <inheritdoc cref="IsScarce(NameTable, int)"/>
    public static bool IsScarce(CaveatTable caveats, int updates) => caveats.Numbers.Room < (uint)updates;

    /// <summary>Rejects a new name if there is no number for it as well.</summary>
    public void Expect(NameTable names, string id)
    {
        if (!_names.TryGetValue(names, out HashSet<string>? wanted)) _names.Add(names, wanted = new HashSet<string>(StringComparer.Ordinal));
        if (wanted.Add(id) && wanted.Count > names.Numbers.Room) throw Rejections.Names(names.Type, names.Numbers.Most);
    }

    /// <summary>Rejects a caveat if it is new and there is no number for it as well.</summary>
    public void Expect(CaveatTable caveats, CaveatRef caveat)
    {
        if (caveats.Find(caveat) == 0 && _caveats.Add(caveat) && _caveats.Count > caveats.Numbers.Room) throw Rejections.CaveatContexts(caveats.Numbers.Most);
    }
}
