using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace AuthzGraph.Graph.Index;

/// <summary>SipHash-1-3 with a key of this process, so that nobody can choose names that collide (Aumasson and Bernstein, 2012).</summary>
internal sealed class NameHash
{
    private readonly ulong _first = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
    private readonly ulong _second = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

    /// <summary>The hash of a text in UTF-8; neither 0 nor all ones.</summary>
    public ulong Of(ReadOnlySpan<byte> text)
    {
        ulong v0 = _first ^ 0x736F_6D65_7073_6575, v1 = _second ^ 0x646F_7261_6E64_6F6D;
        ulong v2 = _first ^ 0x6C79_6765_6E65_7261, v3 = _second ^ 0x7465_6462_7974_6573;
        ulong last = (ulong)text.Length << 56;
        for (; text.Length >= 8; text = text[8..]) Mix(BinaryPrimitives.ReadUInt64LittleEndian(text), ref v0, ref v1, ref v2, ref v3);
        for (int i = 0; i < text.Length; i++) last |= (ulong)text[i] << (8 * i);
        Mix(last, ref v0, ref v1, ref v2, ref v3);
        v2 ^= 0xFF;
        for (int i = 0; i < 3; i++) Round(ref v0, ref v1, ref v2, ref v3);
        ulong hash = v0 ^ v1 ^ v2 ^ v3;
        return hash is 0 or ulong.MaxValue ? 1 : hash;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(ulong word, ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v3 ^= word;
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1; v1 = BitOperations.RotateLeft(v1, 13); v1 ^= v0; v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3; v3 = BitOperations.RotateLeft(v3, 16); v3 ^= v2;
        v0 += v3; v3 = BitOperations.RotateLeft(v3, 21); v3 ^= v0;
        v2 += v1; v1 = BitOperations.RotateLeft(v1, 17); v1 ^= v2; v2 = BitOperations.RotateLeft(v2, 32);
    }
}
