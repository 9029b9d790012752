namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// How a list names an object: its number, scrambled by a bijection of 31 bits, in the upper bits of a word; in the lowest a
/// flag. The scrambled number is the <b>code</b>. Lists are walked in the order of codes, which depends on the numbers alone: not on when an
/// edge was written, nor on how its list is stored. Scrambled codes are spread evenly, so their order is also that of a hash table.
/// </summary>
internal static class EdgeCode
{
    /// <summary>The greatest number an object can have.</summary>
    public const uint MaxNumber = 0x7FFF_FFFF;

    /// <summary>What the flag says: ask the side table about this edge.</summary>
    public const uint Flag = 1;

    private const uint First = 0x9E37_79B1;
    private const uint FirstInverse = 0x0E8B_2F51;
    private const uint Second = 0x85EB_CA6B;
    private const uint SecondInverse = 0xA5CB_9243;

    /// <summary>The word of an unflagged edge.</summary>
    public static uint Word(uint number) => Scramble(number) << 1;

    /// <summary>The number in a word.</summary>
    public static uint Number(uint word) => Unscramble(word >> 1);

    public static bool IsFlagged(uint word) => (word & Flag) != 0;

    private static uint Scramble(uint number)
    {
        uint x = (number * First) & MaxNumber;
        x ^= x >> 16;
        return (x * Second) & MaxNumber;
    }

    private static uint Unscramble(uint code)
    {
        uint x = (code * SecondInverse) & MaxNumber;
        x ^= x >> 16;
        return (x * FirstInverse) & MaxNumber;
    }
}
