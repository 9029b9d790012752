namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// What the slot of an edge in the side table says in 8 bytes: where the record of its newest version is or, of an edge whose only version is
/// plain, all that there is to say, which is when it was created.
/// </summary>
/// <param name="Value">As the slot holds it.</param>
internal readonly record struct VersionSlot(ulong Value)
{
    /// <summary>What a slot takes of memory, where its table is as full as large ones are.</summary>
    public const int Bytes = 24;

    private const ulong PlainBit = 1UL << 63;
    private const ulong RetiredBit = 1UL << 62;

    /// <summary>An edge without window and caveat that was created at a revision, and nothing before or after.</summary>
    public static VersionSlot Plain(ulong created) => new(PlainBit | created);

    /// <summary>An edge whose newest version has a record.</summary>
    public static VersionSlot At(uint place) => new(place);

    public bool IsPlain => (Value & PlainBit) != 0;

    /// <summary>Of a plain edge: the revision that created it.</summary>
    public ulong Created => Value & ~(PlainBit | RetiredBit);

    /// <summary>Of any other: the place of the newest version's record.</summary>
    public uint Place => (uint)Value;

    /// <summary>Of a plain edge: whether it waits in limbo. Readers may still come to it, and read of it what they did before.</summary>
    public bool IsRetired => (Value & RetiredBit) != 0;

    /// <summary>The same, waiting in limbo.</summary>
    public VersionSlot Retire() => new(Value | RetiredBit);
}
