using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Memory;

namespace AuthzGraph.Graph;

/// <summary>What a graph's index takes of memory, in bytes. Beside it there are the schemas, caveats and the log's buffers.</summary>
/// <param name="Edges">Edges, their directories and versions, and the tables that find names.</param>
/// <param name="Texts">The texts of names.</param>
/// <param name="Reserved">Of the system, for both.</param>
/// <param name="Huge">How much of that was asked for in pages of 2 MiB, and granted.</param>
public readonly record struct MemoryUse(long Edges, long Texts, long Reserved, long Huge)
{
    /// <summary>For a line in the log.</summary>
    public string Pages => Huge > 0 ? "2 MiB pages" : HugePages.IsAllowed ? "4 KiB pages until it is larger" : "4 KiB pages: the system gives no larger ones";

    internal static MemoryUse Of(GraphIndex index)
    {
        (BlockArena blocks, BlockArena texts) = (index.Memory.Blocks, index.Memory.Texts);
        return new MemoryUse(blocks.Used, texts.Used, blocks.Reserved + texts.Reserved, blocks.Huge + texts.Huge);
    }
}
