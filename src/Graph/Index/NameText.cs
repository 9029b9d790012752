using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace AuthzGraph.Graph.Index;

internal static class NameText
{
    /// <summary>Whether a text in UTF-8 is a name. One with other than ASCII characters is longer there, so that equal lengths leave ASCII alone.</summary>
    public static bool IsSame(ReadOnlySpan<byte> text, string name) =>
        text.Length == name.Length ? Ascii.Equals(text, name) : text.Length > name.Length && IsSameLonger(text, name);

    [SkipLocalsInit]
    private static bool IsSameLonger(ReadOnlySpan<byte> text, string name)
    {
        Span<byte> room = stackalloc byte[NameTable.MaxBytes];
        return Utf8.FromUtf16(name, room, out _, out int length, replaceInvalidSequences: false) == OperationStatus.Done && text.SequenceEqual(room[..length]);
    }
}
