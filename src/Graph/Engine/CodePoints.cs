using AuthzGraph.Model;

namespace AuthzGraph.Graph.Engine;

/// <summary>Order of texts by their code points, which is the order of their bytes in UTF-8.</summary>
internal static class CodePoints
{
    /// <summary>Compares two texts as if each were followed by <paramref name="end"/>.</summary>
    public static int Compare(string left, string right, char end)
    {
        int common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length && common == right.Length) return 0;
        char l = common < left.Length ? left[common] : end;
        char r = common < right.Length ? right[common] : end;
        return Weight(l).CompareTo(Weight(r));
    }

    /// <summary>Whether <c>type:id</c> of the one comes before that of the other.</summary>
    public static bool IsEarlier(ObjectRef left, ObjectRef right)
    {
        int order = Compare(left.Type, right.Type, ':');
        return (order != 0 ? order : Compare(left.Id, right.Id, '\0')) < 0;
    }

    // surrogates stand for what lies above the basic plane, so they go last
    private static int Weight(char c) => char.IsSurrogate(c) ? c + 0x1_0000 : c;
}
