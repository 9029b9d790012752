namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// An edge as a key: its two numbers, evenly spread by a bijection (murmur's finalizer), so that equal keys are equal edges and a key tells its
/// edge. Never 0, since no resource has number 0, nor all ones, which would be an edge of greater numbers than there are.
/// </summary>
internal static class EdgeKey
{
    private const ulong First = 0xFF51_AFD7_ED55_8CCD;
    private const ulong FirstInverse = 0x4F74_430C_22A5_4005;
    private const ulong Second = 0xC4CE_B9FE_1A85_EC53;
    private const ulong SecondInverse = 0x9CB4_B2F8_1293_37DB;

    public static ulong Of(uint resource, uint subject)
    {
        ulong key = (ulong)resource << 32 | subject;
        key = (key ^ key >> 33) * First;
        key = (key ^ key >> 33) * Second;
        return key ^ key >> 33;
    }

    public static (uint Resource, uint Subject) Edge(ulong key)
    {
        key = (key ^ key >> 33) * SecondInverse;
        key = (key ^ key >> 33) * FirstInverse;
        key ^= key >> 33;
        return ((uint)(key >> 32), (uint)key);
    }
}
