namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// How a list names an object: its number, scrambled by a bijection of 30 bits, in the upper bits of a word; in the lowest two, what
/// is to be known of the edge. The scrambled number is the <b>code</b>. Lists are walked in the order of codes, which depends on the numbers
/// alone: not on when an edge was written, nor on how its list is stored. Scrambled codes are spread evenly, so their order is also that of a
/// hash table.
/// </summary>
internal static class EdgeCode
{
    /// <summary>How many bits a code has.</summary>
    public const int Bits = 30;

    /// <summary>The greatest number an object can have.</summary>
    public const uint MaxNumber = (1u << Bits) - 1;

    /// <summary>Ask the side table about this edge.</summary>
    public const uint Versioned = 1;

    /// <summary>
    /// The edge has neither window nor caveat and was not deleted, so whoever reads at its creation or later sees it. Who does not know that he
    /// does asks the side table.
    /// </summary>
    public const uint New = 2;

    /// <summary>What words are compared without. An edge that has none of them is quiet: every readable revision sees it.</summary>
    public const uint Flags = Versioned | New;

    private const uint First = 0x9E37_79B1;
    private const uint FirstInverse = 0x0E8B_2F51;
    private const uint Second = 0x85EB_CA6B;
    private const uint SecondInverse = 0xA5CB_9243;

    /// <summary>The word of a quiet edge.</summary>
    public static uint Word(uint number) => WordOf(Scramble(number));

    /// <summary>The word of a quiet edge by its code.</summary>
    public static uint WordOf(uint code) => code << (32 - Bits);

    /// <summary>The code in a word.</summary>
    public static uint Code(uint word) => word >> (32 - Bits);

    /// <summary>The number in a word.</summary>
    public static uint Number(uint word) => Unscramble(Code(word));

    private static uint Scramble(uint number)
    {
        uint x = (number * First) & MaxNumber;
        x ^= x >> (Bits / 2);
        return (x * Second) & MaxNumber;
    }

    private static uint Unscramble(uint code)
    {
        uint x = (code * SecondInverse) & MaxNumber;
        x ^= x >> (Bits / 2);
        return (x * FirstInverse) & MaxNumber;
    }
}
