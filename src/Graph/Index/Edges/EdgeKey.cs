using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// Makes a key of an edge: its two numbers, evenly spread by a bijection (murmur's finalizer with two secrets), so that equal keys are equal edges and a
/// key tells its edge. Whoever writes edges knows their numbers: without secrets he could choose edges whose keys lie together, and a
/// table of those keys is no hash table any more. No edge has key 0 or all ones. The default has no secrets, for tests that do one thing twice.
/// </summary>
internal readonly struct EdgeKey
{
    private const ulong First = 0xFF51_AFD7_ED55_8CCD;
    private const ulong FirstInverse = 0x4F74_430C_22A5_4005;
    private const ulong Second = 0xC4CE_B9FE_1A85_EC53;
    private const ulong SecondInverse = 0x9CB4_B2F8_1293_37DB;

    private readonly ulong _before;
    private readonly ulong _between;

    private EdgeKey(ReadOnlySpan<byte> secrets) =>
        (_before, _between) = (BinaryPrimitives.ReadUInt64LittleEndian(secrets), BinaryPrimitives.ReadUInt64LittleEndian(secrets[sizeof(ulong)..]));

    /// <summary>With secrets that nobody had before.</summary>
    public static EdgeKey New()
    {
        EdgeKey made;
        do made = new EdgeKey(RandomNumberGenerator.GetBytes(2 * sizeof(ulong)));
        while (made.IsOfAnEdge(0) || made.IsOfAnEdge(ulong.MaxValue));
        return made;
    }

    public ulong Of(uint resource, uint subject)
    {
        ulong key = ((ulong)resource << 32 | subject) ^ _before;
        key = (key ^ key >> 33) * First ^ _between;
        key = (key ^ key >> 33) * Second;
        return key ^ key >> 33;
    }

    public (uint Resource, uint Subject) Edge(ulong key)
    {
        key = (key ^ key >> 33) * SecondInverse;
        key = ((key ^ key >> 33) ^ _between) * FirstInverse;
        key = key ^ key >> 33 ^ _before;
        return ((uint)(key >> 32), (uint)key);
    }

    private bool IsOfAnEdge(ulong key) => Edge(key) is { Resource: > 0 and <= EdgeCode.MaxNumber, Subject: <= EdgeCode.MaxNumber };
}
