namespace AuthzGraph.Model;

/// <summary>Gives texts that come again and again the string they had the last time. Not for several threads.</summary>
internal sealed class NamePool
{
    private const int Places = 1024;
    private const int LongestText = 64;

    private readonly string?[] _recent = new string?[Places];

    /// <summary>The text as a string, out of the pool if there is one.</summary>
    public static string Text(ReadOnlySpan<char> text, NamePool? pool) => pool is null ? text.ToString() : pool.Of(text);

    private string Of(ReadOnlySpan<char> text)
    {
        if (text.Length > LongestText) return text.ToString();
        ref string? recent = ref _recent[string.GetHashCode(text) & (Places - 1)];
        if (recent is null || !text.SequenceEqual(recent)) recent = text.ToString();
        return recent;
    }
}
