using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AuthzGraph.Graph.Index;

/// <summary>SipHash-1-3 with a key of this process, so that nobody can choose names that collide (Aumasson and Bernstein, 2012).</summary>
internal sealed class NameHash
{
    private const ulong NotAscii = 0xFF80_FF80_FF80_FF80;

    private readonly ulong _first = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
    private readonly ulong _second = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

    /// <summary>The hash of a text in UTF-8; neither 0 nor all ones.</summary>
    public ulong Of(ReadOnlySpan<byte> text)
    {
        var rounds = new Rounds(_first, _second);
        ulong last = (ulong)text.Length << 56;
        for (; text.Length >= 8; text = text[8..]) rounds.Mix(BinaryPrimitives.ReadUInt64LittleEndian(text));
        for (int i = 0; i < text.Length; i++) last |= (ulong)text[i] << (8 * i);
        return rounds.End(last);
    }

    /// <summary>The same of a text that is not in UTF-8 yet; false, and no hash, if it has other characters than ASCII.</summary>
    public bool TryOfAscii(ReadOnlySpan<char> text, out ulong hash)
    {
        var rounds = new Rounds(_first, _second);
        ulong length = (ulong)text.Length << 56, seen = 0;
        for (; text.Length >= 8; text = text[8..]) rounds.Mix(Four(text, ref seen) | (ulong)Four(text[4..], ref seen) << 32);
        hash = rounds.End(length | Few(text, ref seen));
        return (seen & NotAscii) == 0;
    }

    /// <summary>Up to seven characters as bytes, the first the lowest. Read from both ends, which may meet: there they say the same.</summary>
    private static ulong Few(ReadOnlySpan<char> text, ref ulong seen)
    {
        if (text.IsEmpty) return 0;
        if (text.Length >= 4) return Four(text, ref seen) | (ulong)Four(text[^4..], ref seen) << 8 * (text.Length - 4);
        (ulong first, ulong middle, ulong last) = (text[0], text[text.Length / 2], text[^1]);
        seen |= first | middle | last;
        return first | middle << 8 * (text.Length / 2) | last << 8 * (text.Length - 1);
    }

    /// <summary>The first four characters as bytes.</summary>
    private static uint Four(ReadOnlySpan<char> text, ref ulong seen)
    {
        ulong word = BinaryPrimitives.ReadUInt64LittleEndian(MemoryMarshal.AsBytes(text));
        seen |= word;
        word = (word | word >> 8) & 0x0000_FFFF_0000_FFFF;
        return (uint)(word | word >> 16);
    }

    /// <summary>The state between the words of a text.</summary>
    private struct Rounds(ulong first, ulong second)
    {
        private ulong _v0 = first ^ 0x736F_6D65_7073_6575;
        private ulong _v1 = second ^ 0x646F_7261_6E64_6F6D;
        private ulong _v2 = first ^ 0x6C79_6765_6E65_7261;
        private ulong _v3 = second ^ 0x7465_6462_7974_6573;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Mix(ulong word)
        {
            _v3 ^= word;
            Round();
            _v0 ^= word;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong End(ulong last)
        {
            Mix(last);
            _v2 ^= 0xFF;
            Round();
            Round();
            Round();
            ulong hash = _v0 ^ _v1 ^ _v2 ^ _v3;
            return hash is 0 or ulong.MaxValue ? 1 : hash;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Round()
        {
            _v0 += _v1; _v1 = BitOperations.RotateLeft(_v1, 13); _v1 ^= _v0; _v0 = BitOperations.RotateLeft(_v0, 32);
            _v2 += _v3; _v3 = BitOperations.RotateLeft(_v3, 16); _v3 ^= _v2;
            _v0 += _v3; _v3 = BitOperations.RotateLeft(_v3, 21); _v3 ^= _v0;
            _v2 += _v1; _v1 = BitOperations.RotateLeft(_v1, 17); _v1 ^= _v2; _v2 = BitOperations.RotateLeft(_v2, 32);
        }
    }
}
