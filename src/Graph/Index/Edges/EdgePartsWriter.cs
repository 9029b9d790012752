using AuthzGraph.Graph.Index.Memory;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>
/// Changes lists in parts (<see cref="EdgeParts"/>). A part that is full splits in two; two parts with few words that were one become one again. Each
/// method returns the descriptor to publish.
/// </summary>
internal sealed unsafe class EdgePartsWriter(IndexMemory memory, EdgeBlocks blocks)
{
    // INVARIANT: no two halves have so few words together, so a list with so few is one block
    private const uint JoinedAtMost = EdgeBlocks.Largest / 8;

    /// <summary>A block in two parts.</summary>
    public ulong Split(EdgeBlock block)
    {
        EdgeParts parts = NewDirectory(depth: 1, block.Count);
        Publish(parts, blocks.Halves(block), 0);
        return parts.Descriptor;
    }

    /// <summary>The list with a word more. It is not in it yet.</summary>
    public ulong Add(ulong list, uint word)
    {
        EdgeParts parts = new(list);
        EdgeBlock part = parts.Of(word);
        for (; !EdgeBlocks.HasRoom(part); part = parts.Of(word)) parts = WithRoom(parts, part, word);
        part.Insert(word);
        parts.Count++;
        return parts.Descriptor;
    }

    /// <summary>The list without a word that is in it.</summary>
    public ulong Remove(ulong list, uint word)
    {
        EdgeParts parts = new(list);
        EdgeBlock part = parts.Of(word);
        EdgeBlocks.GiveUp(part, word);
        parts.Count--;
        while (TryJoin(parts, part, word, out EdgeBlock joined)) part = joined;
        if (part.Depth == 0) Retire(parts);
        else if (EdgeBlocks.IsSparse(part)) parts.Publish(word, blocks.Rebuilt(part));
        return part.Depth == 0 ? part.Descriptor : list;
    }

    private EdgeParts WithRoom(EdgeParts parts, EdgeBlock full, uint word)
    {
        if (EdgeBlocks.MustSplit(full))
        {
            if (full.Depth == parts.Depth) parts = Doubled(parts);
            Publish(parts, blocks.Halves(full), word);
        }
        else parts.Publish(word, blocks.Rebuilt(full));
        return parts;
    }

    private bool TryJoin(EdgeParts parts, EdgeBlock part, uint word, out EdgeBlock joined)
    {
        joined = default;
        if (part.Depth == 0) return false;
        EdgeBlock other = parts.Of(word ^ 1u << (32 - part.Depth));
        if (other.Depth != part.Depth || part.Count + other.Count > JoinedAtMost) return false;
        joined = blocks.Joined(part, other);
        parts.Publish(word, joined);
        return true;
    }

    private static void Publish(EdgeParts parts, (EdgeBlock Low, EdgeBlock High) halves, uint word)
    {
        uint bit = 1u << (32 - halves.Low.Depth);
        parts.Publish(word & ~bit, halves.Low);
        parts.Publish(word | bit, halves.High);
    }

    private EdgeParts Doubled(EdgeParts old)
    {
        EdgeParts doubled = NewDirectory(old.Depth + 1, old.Count);
        old.CopyTo(doubled);
        Retire(old);
        return doubled;
    }

    private EdgeParts NewDirectory(int depth, ulong count)
    {
        EdgeParts parts = new(EdgeList.Parts(memory.Blocks.Allocate(EdgeParts.DirectoryWords(depth)), depth));
        parts.Count = count;
        return parts;
    }

    private void Retire(EdgeParts parts) =>
        memory.Limbo.Retire(memory.Blocks, EdgeList.PointerOf(parts.Descriptor), EdgeParts.DirectoryWords(parts.Depth));
}
