using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace AuthzGraph.Server.Wire.Checks;

/// <summary>
/// Names of the wire as strings. One that came lately is neither made nor looked at again: only what is a name, in ASCII and short, is kept. For any number
/// of threads.
/// </summary>
/// <param name="places">How many are kept; a power of two.</param>
internal sealed class NameCache(int places, Func<string, bool> isName)
{
    private const int Longest = 64;
    private const ulong Mixer = 0x9E37_79B9_7F4A_7C15;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string?[] _recent = new string?[places];

    /// <summary>False: the text, which is given all the same, is no such name.</summary>
    /// <exception cref="InvalidDataException">It is not UTF-8.</exception>
    public bool TryRead(ReadOnlySpan<byte> utf8, out string text)
    {
        if (utf8.Length > Longest) return isName(text = Decode(utf8));
        ref string? place = ref _recent[PlaceOf(utf8)];
        if (Volatile.Read(ref place) is { } known && Ascii.Equals(utf8, known))
        {
            text = known;
            return true;
        }
        text = Decode(utf8);
        if (!isName(text)) return false;
        if (text.Length == utf8.Length) Volatile.Write(ref place, text);
        return true;
    }

    private static string Decode(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Strict.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException("a text is not UTF-8");
        }
    }

    private int PlaceOf(ReadOnlySpan<byte> utf8)
    {
        ulong hash = (ulong)utf8.Length;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(utf8);
        foreach (ulong word in words) hash = BitOperations.RotateLeft((hash ^ word) * Mixer, 29);
        ulong last = 0;
        foreach (byte b in utf8[(words.Length * sizeof(ulong))..]) last = last << 8 | b;
        hash = (hash ^ last) * Mixer;
        return (int)(hash >> 40) & (_recent.Length - 1);
    }
}
