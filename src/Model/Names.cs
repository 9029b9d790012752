using System.Buffers;
using System.Text;

namespace AuthzGraph.Model;

/// <summary>Which texts are names and object ids. Names follow SpiceDB's rules; ids are wider (DESIGN §2).</summary>
public static class Names
{
    public const int MaxTypeBytes = 128;
    public const int MaxRelationBytes = 64;
    public const int MaxObjectIdBytes = 1024;
    public const string Wildcard = "*";

    private const int MinSegment = 3;
    private const int MaxSegment = 64;

    private static readonly SearchValues<char> SegmentCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");
    private static readonly SearchValues<char> PlainInIds = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Except(['#', '[', ']'])]);
    private static readonly SearchValues<char> NeverInIds = SearchValues.Create("#[]");

    /// <summary>One or more segments joined by slashes, each 3–64 of a–z 0–9 _, from a letter to a letter or digit.</summary>
    public static bool IsType(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxTypeBytes) return false;
        foreach (Range segment in text.Split('/'))
            if (!IsSegment(text[segment])) return false;
        return true;
    }

    /// <summary>One segment: the name of a relation or a permission.</summary>
    public static bool IsRelation(ReadOnlySpan<char> text) => IsSegment(text);

    /// <summary>1–1,024 bytes of UTF-8 without control characters, white space, <c>#</c>, <c>[</c>, <c>]</c>; <c>*</c> alone is the wildcard.</summary>
    public static bool IsObjectId(ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty && text.Length <= MaxObjectIdBytes && !text.ContainsAnyExcept(PlainInIds)) return true;
        if (text.IsEmpty || text.Length > MaxObjectIdBytes || text.ContainsAny(NeverInIds) || !IsWhole(text)) return false;
        int bytes = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune)) return false;
            bytes += rune.Utf8SequenceLength;
        }
        return bytes <= MaxObjectIdBytes;
    }

    /// <summary>Whether the text has a form in UTF-8: no half of a surrogate pair stands alone.</summary>
    public static bool IsWhole(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out int length) != OperationStatus.Done) return false;
            text = text[length..];
        }
        return true;
    }

    private static bool IsSegment(ReadOnlySpan<char> text) =>
        text.Length is >= MinSegment and <= MaxSegment
        && char.IsAsciiLetterLower(text[0])
        && text[^1] != '_'
        && !text.ContainsAnyExcept(SegmentCharacters);
}
