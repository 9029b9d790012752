using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// Where a check has been: the members it is inside of, by depth, where a cycle is found, and those that regions have seen fail.
/// </summary>
internal sealed class Trail
{
    private const int FewFailed = 16;

    private (ulong Key, int Subtractions)[] _path = new (ulong, int)[16];
    private readonly ulong[] _failed = new ulong[FewFailed];
    private readonly uint[] _failedIn = new uint[FewFailed];
    private readonly VisitedSet _moreFailed = new();
    private int _failedCount;

    public static ulong Key(MemberId member, uint resource) => (ulong)member.Value << 32 | resource;

    public void Clear()
    {
        if (_failedCount > FewFailed) _moreFailed.Clear();
        _failedCount = 0;
    }

    /// <summary>Whether one of the outermost <paramref name="depth"/> members is this one; if so, inside how many subtractions.</summary>
    public bool TryFind(ulong key, int depth, out int subtractions)
    {
        subtractions = 0;
        foreach (ref readonly (ulong Key, int Subtractions) outer in _path.AsSpan(0, depth))
        {
            if (outer.Key != key) continue;
            subtractions = outer.Subtractions;
            return true;
        }
        return false;
    }

    /// <summary>The member is inside of as many others as the place is deep.</summary>
    public void Enter(ulong key, Place place)
    {
        if (place.Depth >= _path.Length) Array.Resize(ref _path, _path.Length * 2);
        _path[place.Depth] = (key, place.Subtractions);
    }

    public bool HasFailed(uint region, ulong key)
    {
        for (int i = 0; i < Math.Min(_failedCount, FewFailed); i++)
            if (_failed[i] == key && _failedIn[i] == region) return true;
        return _failedCount > FewFailed && _moreFailed.Contains(region, key);
    }

    public void Fail(uint region, ulong key)
    {
        if (_failedCount >= FewFailed) _moreFailed.Add(region, key);
        else (_failed[_failedCount], _failedIn[_failedCount]) = (key, region);
        _failedCount++;
    }
}
