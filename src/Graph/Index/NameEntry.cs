using AuthzGraph.Graph.Index.Edges;

namespace AuthzGraph.Graph.Index;

/// <summary>An object's number, and where the text of its name is among the texts (<see cref="Memory.BlockArena.At"/>); none is all zeros.</summary>
internal readonly record struct NameEntry(ulong Word)
{
    public static NameEntry Of(uint number, ulong text) => new(text << EdgeCode.Bits | number);

    public bool IsNone => Word == 0;

    public uint Number => (uint)Word & EdgeCode.MaxNumber;

    public ulong Text => Word >> EdgeCode.Bits;
}
